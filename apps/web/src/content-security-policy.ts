/**
 * Builds the content security policy of pages: scripts and style sheets by nonce only, no other origins. Mantine passes
 * sizes and colours in style attributes. Clerk's components need their frontend API, their images, Cloudflare's
 * challenge, and inline style sheets.
 */
export function contentSecurityPolicy(
  nonce: string,
  { clerkHost, development }: { clerkHost?: string | undefined; development: boolean },
) {
  const clerk = clerkHost ? `https://${clerkHost}` : "";
  const challenge = clerkHost ? "https://challenges.cloudflare.com" : "";
  const policy = {
    "default-src": "'self'",
    // React's development build evaluates code to show stacks; the production build never does.
    "script-src": `'self' 'nonce-${nonce}' 'strict-dynamic' ${development ? "'unsafe-eval'" : ""}`,
    "style-src": clerkHost || development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    "style-src-attr": "'unsafe-inline'",
    "img-src": `'self' data: ${clerkHost ? "https://img.clerk.com" : ""}`,
    "font-src": "'self'",
    "connect-src": `'self' ${clerk}`,
    "worker-src": "'self' blob:",
    "frame-src": challenge || "'none'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  };
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.trim()}`)
    .join("; ");
}

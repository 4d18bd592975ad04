import { clerkMiddleware } from "@clerk/nextjs/server";

// The usual configuration of Next applications with Clerk: the middleware before every API route.
export const config = { matcher: ["/api/clerk"] };
export default clerkMiddleware(
  () => undefined,
  () => {
    // Destructured, because Next inlines `process.env.NAME` at build time.
    const { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey = "", BENCH_JWT_KEY: jwtKey = "" } =
      process.env;
    return { publishableKey, jwtKey };
  },
);

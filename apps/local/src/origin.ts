import { loopbackHosts } from "@smarteros/core/settings";

/** Returns true when a `Host` header names the loopback interface and our port; prevents DNS rebinding. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return loopbackHosts.some((name) => host?.toLowerCase() === `${name}:${port}`);
}

/** Returns true when an `Origin` header is the web app's, under any loopback name. */
export function isWebOrigin(origin: string, webOrigin: string): boolean {
  if (origin === webOrigin) return true;
  const web = new URL(webOrigin);
  return (
    loopbackHosts.includes(web.hostname) &&
    loopbackHosts.some((name) => origin === `${web.protocol}//${name}:${web.port}`)
  );
}

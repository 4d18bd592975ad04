import { loopbackHosts } from "@smarteros/core/settings";

/** Whether a `Host` header names this machine's loopback interface and our port; DNS rebinding ends here. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return loopbackHosts.some((name) => host?.toLowerCase() === `${name}:${port}`);
}

/** Whether an `Origin` header is that of the web app, under whichever of its loopback names the user opened it. */
export function isWebOrigin(origin: string, webOrigin: string): boolean {
  if (origin === webOrigin) return true;
  const web = new URL(webOrigin);
  return (
    loopbackHosts.includes(web.hostname) &&
    loopbackHosts.some((name) => origin === `${web.protocol}//${name}:${web.port}`)
  );
}

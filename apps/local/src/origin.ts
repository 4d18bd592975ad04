const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];

/** Whether a `Host` header names this machine's loopback interface and our port; DNS rebinding ends here. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return loopbackNames.some((name) => host?.toLowerCase() === `${name}:${port}`);
}

/** Whether an `Origin` header is that of the web app, under whichever of its loopback names the user opened it. */
export function isWebOrigin(origin: string, webOrigin: string): boolean {
  if (origin === webOrigin) return true;
  const web = new URL(webOrigin);
  return (
    loopbackNames.includes(web.hostname) &&
    loopbackNames.some((name) => origin === `${web.protocol}//${name}:${web.port}`)
  );
}

const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];

/** Returns true when a `Host` header names the loopback interface and our port; prevents DNS rebinding. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return loopbackNames.some((name) => host?.toLowerCase() === `${name}:${port}`);
}

/** Returns true when an `Origin` header is the web app's, under any loopback name. */
export function isWebOrigin(origin: string, webOrigin: string): boolean {
  if (origin === webOrigin) return true;
  const web = new URL(webOrigin);
  return (
    loopbackNames.includes(web.hostname) &&
    loopbackNames.some((name) => origin === `${web.protocol}//${name}:${web.port}`)
  );
}

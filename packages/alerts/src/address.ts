import { lookup } from "node:dns/promises";
import { isLinkLocal, isPublicAddress } from "@smarteros/core/settings";

/** A host that must not be dialled; its message names no address, so that nobody maps our network with it. */
export class RefusedHost extends Error {
  override name = "RefusedHost";
}

type Lookup = (host: string, options: { all: true }) => Promise<{ address: string; family: number }[]>;

/**
 * The addresses of a host, to be connected to as they are: asked a second time, its name server could answer otherwise.
 * Throws `RefusedHost` where one of them is not a public address, unless internal ones are allowed; where one is link-local
 * or a metadata service, in any case; and where there is none.
 */
export async function addressesOf(
  host: string,
  { allowsInternal, resolve = lookup }: { allowsInternal: boolean; resolve?: Lookup },
): Promise<{ address: string; family: number }[]> {
  const name = host.replace(/^\[(.*)\]$/, "$1");
  const addresses = await resolve(name, { all: true }).catch(() => []);
  if (addresses.length === 0) throw new RefusedHost("the host has no address: check its name");
  const isRefused = allowsInternal ? isLinkLocal : (address: string) => !isPublicAddress(address);
  if (addresses.some(({ address }) => isRefused(address)))
    throw new RefusedHost("the host is on an internal network: name one that the internet reaches");
  return addresses;
}

import { lookup } from "node:dns/promises";
import { isLinkLocal, isPublicAddress } from "@smarteros/core/settings";

/** A host that must not be connected to. Its message names no address, so that it cannot be used to map our network. */
export class RefusedHost extends Error {
  override name = "RefusedHost";
}

type Lookup = (host: string, options: { all: true }) => Promise<{ address: string; family: number }[]>;

/**
 * Resolves the addresses of a host, to be connected to as they are: a second look-up could return others. Throws
 * `RefusedHost` where an address is not public, unless internal ones are allowed; where one is link-local or a metadata
 * service, in any case; and where there is none.
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

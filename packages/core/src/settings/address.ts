import ipaddr from "ipaddr.js";

// Azure's host agent (DHCP, DNS, health probes and instance metadata), which no list of reserved ranges has:
// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
const azureHost = "168.63.129.16";
// Metadata services at addresses that are private rather than link-local: Alibaba Cloud, and AWS by IPv6.
const metadataHosts = new Set([azureHost, "100.100.100.200", "fd00:ec2::254"]);
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");
const ipv4Compatible = ipaddr.IPv6.parseCIDR("::/96");

/**
 * Returns whether an IP address is public, by the IANA special-purpose registries. An IPv4-mapped address counts as its
 * IPv4 address; translated and tunnelled IPv6 (NAT64, 6to4, Teredo, `::/96`) is not public, because it leads to an IPv4
 * address that was not checked. False for anything that is no IP address.
 */
export function isPublicAddress(text: string): boolean {
  const address = parse(text);
  if (address?.range() !== "unicast") return false;
  return address instanceof ipaddr.IPv6 ? address.match(globalUnicast) : address.toString() !== azureHost;
}

/**
 * Returns whether an IP address is link-local or a cloud's metadata service, from which credentials of the machine can be
 * read. No program here needs one, not even inside a private network.
 */
export function isLinkLocal(text: string): boolean {
  const address = parse(text);
  if (!address) return false;
  if (address.range() === "linkLocal" || metadataHosts.has(address.toString())) return true;
  return address instanceof ipaddr.IPv6 && address.toString() !== "::1" && address.match(ipv4Compatible);
}

function parse(text: string) {
  const withoutZone = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  return ipaddr.isValid(withoutZone) ? ipaddr.process(withoutZone) : undefined;
}

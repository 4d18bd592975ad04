export { createHost, type Host, type HostPorts, type HostSettings } from "./host.ts";

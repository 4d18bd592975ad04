import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { commandLine } from "./process-table.ts";

/** The state LISTEN in /proc/net/tcp. */
const listening = "0A";

/**
 * Names the process that listens on a TCP port, such as `node (pid 123)`; undefined when the system does not reveal it,
 * as for another user's process.
 */
export function portOwner(port: number): string | undefined {
  const pid = process.platform === "linux" ? ownerInProc(port) : ownerByLsof(port);
  if (pid === undefined) return undefined;
  const program = commandLine(pid)?.split(/[\0 ]/)[0];
  return program ? `${path.basename(program)} (pid ${pid})` : `pid ${pid}`;
}

function ownerInProc(port: number): number | undefined {
  const sockets = new Set(
    ["/proc/net/tcp", "/proc/net/tcp6"].flatMap(socketsIn(port)).map((inode) => `socket:[${inode}]`),
  );
  if (sockets.size === 0) return undefined;
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => openFiles(pid).some((target) => sockets.has(target)));
}

function socketsIn(port: number) {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return (file: string): string[] =>
    read(file)
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === listening)
      .flatMap((fields) => fields[9] ?? []);
}

function openFiles(pid: number): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).map((name) => linkTarget(path.join(folder, name)));
  } catch {
    // The process belongs to another user or has ended.
    return [];
  }
}

function linkTarget(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function ownerByLsof(port: number): number | undefined {
  const { stdout } = spawnSync("lsof", ["-ti", `tcp:${port}`, "-sTCP:LISTEN"], { encoding: "utf8" });
  return Number.parseInt(stdout ?? "", 10) || undefined;
}

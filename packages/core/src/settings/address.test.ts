import { expect, test } from "vitest";
import { isLinkLocal, isPublicAddress } from "./address.ts";

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "168.63.129.17",
  "2606:4700:4700::1111",
  "[2606:4700::1]",
  "::ffff:8.8.8.8",
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
  expect(isLinkLocal(address)).toBe(false);
});

test.each([
  "169.254.169.254",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
  "::169.254.169.254",
  "fe80::1%eth0",
  "[fe80::1]",
  "fd00:ec2::254",
  "100.100.100.200",
  "168.63.129.16",
])("%s hands out credentials, and is not public", (address) => {
  expect(isLinkLocal(address)).toBe(true);
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["10.0.0.1", "127.0.0.1", "::1", "fd00::1", "host.example", ""])("%j is neither", (address) => {
  expect(isLinkLocal(address)).toBe(false);
  expect(isPublicAddress(address)).toBe(false);
});

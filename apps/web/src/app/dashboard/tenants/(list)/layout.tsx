import { WithoutScript } from "@smarteros/ui/without-script.tsx";
import { headers } from "next/headers";
import type { ReactNode } from "react";

export default async function ListLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <WithoutScript nonce={(await headers()).get("x-nonce") ?? undefined} />
      {children}
    </>
  );
}

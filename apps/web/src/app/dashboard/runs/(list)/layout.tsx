import { headers } from "next/headers";
import type { ReactNode } from "react";
import { WithoutScript } from "../../../../features/tenants/without-script.tsx";

export default async function ListLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <WithoutScript nonce={(await headers()).get("x-nonce") ?? undefined} />
      {children}
    </>
  );
}

import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { requireSession } from "../../features/session/current-session.ts";
import { SignOut } from "../../features/session/sign-out.tsx";

export const metadata: Metadata = { title: "Panel" };

const roles = { viewer: "Lectura", operator: "Operador", auditor: "Auditor", admin: "Administrador" };

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { principal } = await requireSession();
  return (
    <>
      <header className="bar">
        <Link className="brand" href="/dashboard">
          SmarterOS MCP
        </Link>
        <span className="who">
          <code>{principal.userId}</code> · {roles[principal.role]}
        </span>
        <SignOut />
      </header>
      <main className="page">{children}</main>
    </>
  );
}

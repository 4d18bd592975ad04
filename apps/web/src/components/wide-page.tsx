import page from "@smarteros/ui/page.module.css";
import type { ReactNode } from "react";
import { RenderedFor } from "../session/current-user.tsx";

type Props = {
  userId: string;
  title: string;
  /** Content beside the title. */
  beside?: ReactNode;
  children: ReactNode;
};

/** Shows a page with lists or tables, as wide as they need, below its title. */
export function WidePage({ userId, title, beside, children }: Props) {
  return (
    <div className={page.wide}>
      <RenderedFor userId={userId} />
      <div className={page.title}>
        <h1>{title}</h1>
        {beside}
      </div>
      {children}
    </div>
  );
}

import type { ComponentProps } from "react";
import { BrokenAddress } from "./broken-address.tsx";
import { LoadFailure } from "./load-failure.tsx";

type Props = ComponentProps<typeof BrokenAddress> & {
  /** The reason why the list was not read; undefined where its address was refused before. */
  failure: { code: string; requestId: string } | undefined;
};

/** Shows why a list was not read: its address is broken, or the data could not be loaded. */
export function ListFailure({ failure, ...address }: Props) {
  if (!failure || failure.code === "invalid_input") return <BrokenAddress {...address} />;
  return <LoadFailure code={failure.code} requestId={failure.requestId} />;
}

import { createClient } from "@supabase/supabase-js";
import { expect, test } from "vitest";
import { embedded } from "./embedded.ts";
import { restTransport } from "./matrix/rest-transport.ts";
import { walkMatrix } from "./matrix/walk-matrix.ts";

walkMatrix(restTransport);

test("the REST API does not expose the schema smarteros, not even to the service role", async () => {
  const client = createClient(embedded.supabaseUrl, embedded.secretKey, {
    db: { schema: "smarteros", retry: false },
  });
  for (const table of ["migrations", "mcp_invocations_default"]) {
    expect(await client.from(table).select()).toMatchObject({ data: null, error: { code: "PGRST106" } });
  }
});

import { SmarterosError } from "@smarteros/core";
import { describe, expect, inject, it } from "vitest";
import { asAnonymous, asService, asUser } from "./client.ts";
import { databaseError } from "./errors.ts";

const embedded = inject("embedded");
const project = { url: embedded.supabaseUrl, publishableKey: embedded.publishableKey };

const codeOf = (error: unknown) => (SmarterosError.isInstance(error) ? error.code : "internal");
const refusal = async (query: PromiseLike<{ error: object | null; status: number }>) => {
  const { error, status } = await query;
  return error ? codeOf(databaseError(error as { code: string; message: string }, status)) : "no error";
};

describe("database errors, as the real door gives them", () => {
  it("tells a role that may not from a token that is not accepted", async () => {
    expect(await refusal(asAnonymous(project).from("tenants").select("id"))).toBe("forbidden");
    expect(await refusal(asUser(project, "not.a.token").from("tenants").select("id"))).toBe("unauthorized");
    expect(await refusal(asAnonymous(project).rpc("ping"))).toBe("no error");
    expect(await refusal(asService(project, embedded.secretKey).from("tenants").select("id"))).toBe(
      "no error",
    );
  });

  it("says unavailable for a key that Supabase refuses, because no caller can help it", async () => {
    const wrong = { ...project, publishableKey: "sb_publishable_wrong" };
    expect(await refusal(asAnonymous(wrong).from("tenants").select("id"))).toBe("unavailable");
    expect(await refusal(asService(project, "sb_secret_wrong").from("tenants").select("id"))).toBe(
      "unavailable",
    );
    // What the gateway of a hosted project responds.
    expect(codeOf(databaseError({ message: "Invalid API key" }, 401))).toBe("unavailable");
  });

  it("says unavailable where nobody answers, and does not try for seconds", async () => {
    const started = performance.now();
    const nowhere = asAnonymous({ ...project, url: "http://127.0.0.1:9" });
    expect(await refusal(nowhere.from("tenants").select("id"))).toBe("unavailable");
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("keeps what it does not know to itself", () => {
    const unknown = databaseError(
      { code: "23514", message: "new row violates check", details: "Failing row contains (secret)" },
      400,
    );
    expect(codeOf(unknown)).toBe("internal");
    expect(unknown.message).not.toContain("secret");
  });
});

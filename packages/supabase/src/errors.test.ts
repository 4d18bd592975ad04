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

describe("database errors of the real API", () => {
  it("distinguishes a forbidden role from a refused token", async () => {
    expect(await refusal(asAnonymous(project).from("tenants").select("id"))).toBe("forbidden");
    expect(await refusal(asUser(project, "not.a.token").from("tenants").select("id"))).toBe("unauthorized");
    expect(await refusal(asAnonymous(project).rpc("ping"))).toBe("no error");
    expect(await refusal(asService(project, embedded.secretKey).from("tenants").select("id"))).toBe(
      "no error",
    );
  });

  it("reports a refused API key as unavailable, because the caller is not at fault", async () => {
    const wrong = { ...project, publishableKey: "sb_publishable_wrong" };
    expect(await refusal(asAnonymous(wrong).from("tenants").select("id"))).toBe("unavailable");
    expect(await refusal(asService(project, "sb_secret_wrong").from("tenants").select("id"))).toBe(
      "unavailable",
    );
    // What the gateway of a hosted project responds.
    expect(codeOf(databaseError({ message: "Invalid API key" }, 401))).toBe("unavailable");
  });

  it("reports unavailable without a response, and does not retry for seconds", async () => {
    const started = performance.now();
    const nowhere = asAnonymous({ ...project, url: "http://127.0.0.1:9" });
    expect(await refusal(nowhere.from("tenants").select("id"))).toBe("unavailable");
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("returns an unknown error as a plain error", () => {
    const unknown = databaseError(
      { code: "23514", message: "new row violates check", details: "Failing row contains (secret)" },
      400,
    );
    expect(codeOf(unknown)).toBe("internal");
    expect(unknown.message).not.toContain("secret");
  });
});

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { never, newSubject } from "../connectors.fixture.ts";
import { startCreation } from "../creation.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { createChatwoot } from "./connector.ts";
import { inboxName } from "./inbox-name.ts";
import { chatwootFake } from "./sandbox.ts";

const rut = "76086428-5";
const nameOf = (businessName: string) => inboxName({ tenantId: "t", businessName, rut });

it.each([
  ["Los Andes SpA", "Los Andes SpA 76086428-5"],
  ["Ñuñoa & Hijos (Ltda.)", "Ñuñoa & Hijos (Ltda.) 76086428-5"],
  ["  *** Café/Té @ <Sur>  ", "Café Té Sur 76086428-5"],
  ["C:\\Temp\nDos", "C: Temp Dos 76086428-5"],
  ["🇨🇱🍷", "76086428-5"],
  ["🍷 Viña 🍇", "Viña 🍇 76086428-5"],
  ["/\\<>@", "76086428-5"],
  ["", "76086428-5"],
  ["\u200B_ \u0000", "76086428-5"],
  ["北京", "北京 76086428-5"],
  ["x".repeat(300), `${"x".repeat(244)} 76086428-5`],
  ["🍇".repeat(300), "76086428-5"],
  [`a${"🍇".repeat(300)}`, `a${"🍇".repeat(243)} 76086428-5`],
])("names the inbox of %j", (businessName, expected) => {
  expect(nameOf(businessName)).toBe(expected);
});

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox(chatwootFake);
});
afterAll(() => sandbox.stop());

it("gives any business a name that Chatwoot 4.2 accepts", async () => {
  const { CHATWOOT_API_TOKEN: token } = sandbox.settings;
  const chatwoot = createChatwoot({ url: sandbox.url, accountId: 1, token: `${token}` });
  const businessName = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme", minLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(businessName, fc.constantFrom("76086428-5", "6265837-K"), async (name, other) => {
      const subject = newSubject({ businessName: name, rut: other });
      const { creation } = startCreation({ begin: async () => undefined });
      const id = await chatwoot.create(subject, never(), creation);
      expect(await chatwoot.read(id, never())).toMatchObject({ name: inboxName(subject) });
    }),
    { numRuns: 200 },
  );
});

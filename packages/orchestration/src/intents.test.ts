import { describeIntents } from "@smarteros/connectors/intents.contract";
import { afterAll, inject } from "vitest";
import { databaseOf } from "./database.fixture.ts";

const database = databaseOf(inject("embedded"));
afterAll(() => database.end());

describeIntents("Supabase", async () => {
  const tenantId = await database.newTenant();
  await database.store.open({
    tenantId,
    steps: [{ vendor: "odoo", action: "provision" }],
    requestedBy: "user_test",
  });
  const task = (await database.tasks.claim("odoo", "worker of the test", 10)).find(
    (one) => one.tenantId === tenantId,
  );
  if (!task) throw new Error("the task was not claimed");
  await database.tasks.configure("odoo", { maxRunning: 1_000 });
  const begun = await database.store.beginStep(task);
  if (!begun) throw new Error("the step was not begun");
  return {
    intents: begun.intents,
    pass: (milliseconds) => database.superuser`
      update public.provision_intents
      set opened_at = opened_at - make_interval(secs => ${milliseconds / 1_000}),
        searched_at = searched_at - make_interval(secs => ${milliseconds / 1_000})
      where tenant_id = ${tenantId}`,
    loseTask: () =>
      database.superuser`update public.tasks set claim = gen_random_uuid() where id = ${task.id}`,
  };
});

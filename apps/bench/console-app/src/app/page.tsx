import { Console } from "@smarteros/web/console";
import { RunsProvider } from "@smarteros/web/runs-provider";
import { manyTools } from "../../../src/console/many-tools.ts";

const limit = { limit: 30, remaining: 30, resetsAt: 0 };

/** Renders the product's console with more tools than the product has. */
export default function Page() {
  return (
    <main>
      <RunsProvider>
        <Console
          userId="user_bench"
          tools={manyTools(100)}
          tenants={[]}
          tenantsRead
          limit={limit}
          lastTool={undefined}
          recorded
        />
      </RunsProvider>
    </main>
  );
}

import { root, type Settings } from "./env.ts";

/** Returns a shell command that creates a tenant and works in any folder. */
export function curlLine(webUrl: string, settings: Settings): string {
  const directory = settings.isDefaultDirectory ? "" : `SMARTEROS_DATA_DIR=${quote(settings.dataDirectory)} `;
  const token = `${directory}npm --prefix ${quote(root)} run -s token -- operator-a`;
  const call = { name: "tenants.create", args: { rut: "12.345.678-5", businessName: "Demo Corp" } };
  return `curl -s ${webUrl}/api/mcp/tool -H 'Content-Type: application/json' -H "Authorization: Bearer $(${token})" -d '${JSON.stringify(call)}'`;
}

function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

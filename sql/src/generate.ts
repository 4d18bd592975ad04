import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { connect } from "./connect.ts";
import { type GeneratedFile, generatedFiles } from "./generated.ts";

const { values } = parseArgs({ options: { url: { type: "string" }, check: { type: "boolean" } } });

if (!values.url) {
  console.error(
    "usage: node sql/src/generate.ts --url postgres://… [--check], with every migration applied there",
  );
  process.exitCode = 1;
} else {
  const sql = connect(values.url);
  const files = await generatedFiles(sql).finally(() => sql.end());
  if (values.check) await check(files);
  else await Promise.all(files.map((file) => writeFile(file.url, file.text)));
}

async function check(files: GeneratedFile[]) {
  const now = await Promise.all(files.map((file) => readFile(file.url, "utf8").catch(() => "")));
  const stale = files.filter((file, index) => now[index] !== file.text);
  if (stale.length === 0) return;
  console.error(`stale: ${stale.map((file) => file.name).join(", ")}; run \`npm run generate\``);
  process.exitCode = 1;
}

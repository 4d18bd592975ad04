import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { ApiDescription } from "./openapi.ts";

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.1rem; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
caption { text-align: left; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; border-top: 1px solid #8886; }
th { font-weight: 400; width: 9rem; }
`;

/** Source of the page's inline style for the content security policy. */
export const docsStyleHash = `'sha256-${createHash("sha256").update(style).digest("base64")}'`;

/** Renders the description as an HTML page that loads no script, font or other resource. */
export function docsPage({ info, paths }: ApiDescription) {
  const operations = Object.entries(paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
      title: `${method.toUpperCase()} ${path}`,
      ...operation,
    })),
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${info.title} ${info.version}</h1>
<p>${info.description} <a href="openapi.json">openapi.json</a></p>
${operations.map(operationSection)}
</main>
</body>
</html>`;
}

type Operation = {
  summary?: string;
  security?: object[];
  parameters?: { name: string; in: string; required?: boolean; description?: string }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string }>;
};

function operationSection({
  title,
  summary,
  security,
  parameters = [],
  requestBody,
  responses,
}: Operation & { title: string }) {
  return html`<section>
<h2><code>${title}</code></h2>
<p>${summary}. ${security?.length ? "Needs a signed assertion." : "Open to all."}</p>
${
  parameters.length > 0
    ? rows(
        "Parameters",
        parameters.map(({ name, required, ...rest }) => [
          name,
          `${rest.in}${required ? ", required" : ""}${rest.description ? `: ${rest.description}` : ""}`,
        ]),
      )
    : ""
}
${
  requestBody
    ? rows(
        "Body",
        Object.entries(requestBody.content).map(([type, { schema }]) => [type, JSON.stringify(schema)]),
      )
    : ""
}
${rows(
  "Answers",
  Object.entries(responses).map(([status, { description }]) => [status, description]),
)}
</section>`;
}

function rows(caption: string, cells: [string, string][]) {
  return html`<table><caption>${caption}</caption>
${cells.map(([name, text]) => html`<tr><th scope="row"><code>${name}</code></th><td>${text}</td></tr>`)}
</table>`;
}

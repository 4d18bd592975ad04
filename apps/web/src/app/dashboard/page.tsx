import { requireSession } from "../../features/session/current-session.ts";
import { requireServices } from "../../services.ts";

export default async function Dashboard() {
  const { principal } = await requireSession();
  const { catalog, settings } = requireServices();
  if (!settings.enabled) {
    return (
      <>
        <h1>Panel</h1>
        <p className="notice">
          Las herramientas están desactivadas en este ambiente. Se activan con <code>MCP_ENABLED=true</code>.
        </p>
      </>
    );
  }
  return (
    <>
      <h1>Panel</h1>
      <p>Estas son las herramientas que puedes usar.</p>
      <dl className="tools">
        {catalog.permitted(principal).map((tool) => (
          <div key={tool.name}>
            <dt>
              <code>{tool.name}</code>
            </dt>
            <dd lang="en">{tool.description}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

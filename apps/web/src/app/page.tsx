import Link from "next/link";
import { currentSession } from "../features/session/current-session.ts";
import { services } from "../services.ts";

export default async function Home() {
  const session = services() ? await currentSession() : undefined;
  return (
    <main className="page narrow">
      <h1>SmarterOS MCP</h1>
      <p>
        Crea empresas, habilita sus servicios y mira cómo están: CRM, bot, ERP, flujos y KPI. Las mismas
        herramientas sirven a personas, programas y agentes.
      </p>
      {services() ? (
        <p>
          <Link className="button" href={session ? "/dashboard" : "/sign-in"}>
            {session ? "Ir al panel" : "Entrar"}
          </Link>
        </p>
      ) : (
        <p className="notice" role="alert">
          Esta instalación está mal configurada. Quien la administra encuentra los motivos en el registro del
          servidor.
        </p>
      )}
    </main>
  );
}

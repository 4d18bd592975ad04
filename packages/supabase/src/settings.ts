import { httpUrl, settingKey } from "@smarteros/core/settings";
import { decodeJwt, type JWTPayload } from "jose";
import * as z from "zod";

const apiUrl = "take the API URL, https://<project ref>.supabase.co, from Project Settings → API";

/** Declares Supabase's environment variables, for the schema of an app. */
export const supabaseSettings = {
  NEXT_PUBLIC_SUPABASE_URL: z
    .string()
    .superRefine((text, context) => {
      const message = addressProblem(text);
      // The following checks would only repeat it.
      if (message) context.addIssue({ code: "custom", message, input: undefined, continue: false });
    })
    .pipe(httpUrl()),
  NEXT_PUBLIC_SUPABASE_ANON_KEY: keyOf("publishable"),
  SUPABASE_SERVICE_ROLE_KEY: keyOf("service"),
};

type Keys = {
  NEXT_PUBLIC_SUPABASE_URL?: string | undefined;
  NEXT_PUBLIC_SUPABASE_ANON_KEY?: string | undefined;
  SUPABASE_SERVICE_ROLE_KEY?: string | undefined;
};

/** Finds keys of another project than the one at the URL, as far as the older keys (JWTs) name their project. */
export function* supabaseProblems(env: Keys): Generator<{ path: string[]; message: string }> {
  const project = projectAt(env.NEXT_PUBLIC_SUPABASE_URL ?? "");
  for (const name of ["NEXT_PUBLIC_SUPABASE_ANON_KEY", "SUPABASE_SERVICE_ROLE_KEY"] as const) {
    const key = env[name];
    const of = key && projectOf(claimsOf(key));
    if (project && of && of !== project) {
      const message =
        "it belongs to another Supabase project than NEXT_PUBLIC_SUPABASE_URL: copy both from the same project";
      yield { path: [name], message };
    }
  }
}

function addressProblem(text: string): string | undefined {
  if (/^postgres(?:ql)?:/i.test(text)) return `it is the address of the database: ${apiUrl}`;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (!url) return undefined;
  if (/^(?:db\..*|.*\.pooler)\.supabase\.(?:co|com)$/.test(url.hostname))
    return `it is the host of the database: ${apiUrl}`;
  if (/^(?:www\.|app\.|api\.)?supabase\.(?:com|io)$/.test(url.hostname))
    return `it is the address of the dashboard: ${apiUrl}`;
  if (/\/(?:rest|auth|storage|realtime|functions|graphql)\/v1\b/.test(url.pathname))
    return `it is the address of one of its APIs: leave out the path from /${url.pathname.split("/").at(1)} on`;
  return projectAt(url.href) && url.pathname !== "/" ? "must have no path: leave it out" : undefined;
}

/** Reads the ref of a hosted project from its URL; undefined for a custom domain and a self-hosted project. */
function projectAt(url: string): string | undefined {
  return /^([a-z0-9]+)\.supabase\.(?:co|in|red)$/.exec(URL.parse(url)?.hostname ?? "")?.[1];
}

function projectOf({ ref, iss }: JWTPayload): string | undefined {
  return typeof ref === "string" ? ref : projectAt(iss ?? "");
}

function keyOf(kind: "publishable" | "service") {
  return settingKey.superRefine((key, context) => {
    const message = kindProblem(key, kind);
    if (message) context.addIssue({ code: "custom", message, input: undefined });
  });
}

const wanted = {
  publishable:
    "must be the publishable key (sb_publishable_… or the anon JWT) of Project Settings → API keys",
  service: "must be the secret key (sb_secret_… or the service_role JWT) of Project Settings → API keys",
};

/** Describes why a key is not of this kind, by its prefix or, for the older keys, by its role; undefined where it is. */
function kindProblem(key: string, kind: "publishable" | "service"): string | undefined {
  const found = kindOf(key);
  if (found === kind) return undefined;
  if (found === "service")
    return `it is a service key, which must never reach a browser: it ${wanted.publishable}`;
  if (found === "publishable") return `it is a publishable key, which may not write: it ${wanted.service}`;
  return wanted[kind];
}

function kindOf(key: string): "publishable" | "service" | undefined {
  if (/^sb_publishable_./.test(key)) return "publishable";
  if (/^sb_secret_./.test(key)) return "service";
  const { role } = claimsOf(key);
  return role === "anon" ? "publishable" : role === "service_role" ? "service" : undefined;
}

function claimsOf(key: string): JWTPayload {
  try {
    return decodeJwt(key);
  } catch {
    return {};
  }
}

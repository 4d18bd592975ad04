import { type Finding, finding } from "@smarteros/observability/doctor";

/** The remedy of a setting whose message has none. */
const meaning: Record<string, string> = {
  NEXT_PUBLIC_SUPABASE_URL: "the API URL of the project, from Supabase's Project Settings → API",
  NEXT_PUBLIC_SUPABASE_ANON_KEY: "the publishable key of the project, from Project Settings → API keys",
};

/** Converts the apps' problems with settings to findings. */
export function settingFindings(problems: string[]): Finding[] {
  return problems.map((problem) => {
    const [, name = "A setting", state, why] =
      /^(\w+) is (missing|not valid)(?:: (.*))?$/s.exec(problem) ?? [];
    const code = state === "missing" ? "setting_missing" : "setting_not_valid";
    return finding(code, { name, why: why ?? meaning[name] ?? "docs/operations.md says what it means" });
  });
}

export const nothingSet = `Nothing is set that could be checked. Set these in the environment, in .env or in a file given as --env-file:

  NEXT_PUBLIC_SUPABASE_URL            the API URL of the Supabase project
  NEXT_PUBLIC_SUPABASE_ANON_KEY       its publishable key
  SUPABASE_SERVICE_ROLE_KEY           its secret key, for audit rows, monitor and worker
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY   the Clerk application
  CLERK_SECRET_KEY                    its secret key
  CLERK_AUTHORIZED_PARTIES            the origin at which users open the site
  FASTAPI_URL, FASTAPI_SECRET         the service of fastapi.*, where there is one
  DATABASE_URL                        to check migrations and partitions as well
  SMARTEROS_ACCESS_TOKEN              a fresh session token, to try it
  WEB_URL                             where users open the site, to compare it with CLERK_AUTHORIZED_PARTIES

or start the embedded default with npm start, and run the doctor beside it.`;

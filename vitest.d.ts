import type { JWK } from "jose";
import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Where apps/local/src/file-project.fixture.ts asks for the embedded Supabase of a test file. */
    projects: string;
    /** The embedded Supabase of this test file alone, every migration applied. */
    embedded: {
      supabaseUrl: string;
      publishableKey: string;
      secretKey: string;
      /** As the role `postgres`, which owns the tables. */
      postgresUrl: string;
      superuserUrl: string;
      issuer: string;
      jwksUrl: string;
      tokenUrl: string;
      /** The identity's private key: a test may sign any claims with it. */
      signingKey: JWK;
    };
  }
}

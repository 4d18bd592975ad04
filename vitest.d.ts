import type { JWK } from "jose";
import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The embedded Supabase of this test run, every migration applied; apps/local/src/testing.ts starts it. */
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

import { clerkMiddleware } from "@clerk/nextjs/server";

// What most Next applications with Clerk do: the middleware before every API route.
export const config = { matcher: ["/api/clerk"] };
export default clerkMiddleware(
  () => undefined,
  () => ({
    // Read when it runs, as everywhere here; the secret key is read by Clerk itself.
    publishableKey: process.env["NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"] ?? "",
    jwtKey: process.env.BENCH_JWT_KEY ?? "",
  }),
);

import { clerkMiddleware } from "@clerk/nextjs/server";

// What most Next applications with Clerk do: the middleware before every API route.
export const config = { matcher: ["/api/clerk"] };
export default clerkMiddleware(
  () => undefined,
  () => {
    // Taken out of the object, because what is written as a member is put in at the build.
    const { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey = "", BENCH_JWT_KEY: jwtKey = "" } =
      process.env;
    return { publishableKey, jwtKey };
  },
);

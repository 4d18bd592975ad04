"use client";

import dynamic from "next/dynamic";

// Clerk's 50 KB are sent to browsers only where Clerk is configured: one build serves every deployment.
export const ClerkIdentity = dynamic(() => import("./clerk.tsx").then((clerk) => clerk.ClerkIdentity));
export const ClerkSignIn = dynamic(() => import("./clerk.tsx").then((clerk) => clerk.ClerkSignIn));
export const ClerkSignOut = dynamic(() => import("./clerk.tsx").then((clerk) => clerk.ClerkSignOut));

#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Node caches compiled code between starts; the cache must be enabled before the code is loaded.
enableCompileCache?.();
await import("./main.ts");

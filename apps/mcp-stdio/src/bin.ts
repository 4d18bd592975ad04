#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Node keeps the compiled code between starts; it has to be asked before the code is loaded.
enableCompileCache?.();
await import("./main.ts");

// Must be the first import: stdout belongs to the protocol, so console output of libraries goes to stderr.
for (const method of ["log", "info", "debug", "warn", "dir", "table", "trace"] as const)
  console[method] = console.error;

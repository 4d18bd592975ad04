// The first import of all: stdout is the protocol's, so whatever a library prints goes to stderr.
for (const method of ["log", "info", "debug", "warn", "dir", "table", "trace"] as const)
  console[method] = console.error;

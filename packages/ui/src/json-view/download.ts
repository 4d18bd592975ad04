/** Saves a text as a JSON file: `tenants.list-2026-11-22T10-05-09Z.json`. */
export function download(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), {
    href: url,
    download: fileName(name, new Date()),
  });
  link.click();
  // The browser has taken what it needs by the next task, not within this one.
  setTimeout(() => URL.revokeObjectURL(url));
}

/** A file name that is safe everywhere, with the moment in UTC. */
export function fileName(name: string, moment: Date) {
  const stamp = moment.toISOString().slice(0, 19).replaceAll(":", "-");
  return `${name.replace(/[^\w.-]+/g, "-")}-${stamp}Z.json`;
}

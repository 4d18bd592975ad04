import manifest from "../package.json" with { type: "json" };

/** The version of the web app, as its package says. */
export const { version } = manifest;

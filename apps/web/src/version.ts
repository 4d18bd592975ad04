import manifest from "../package.json" with { type: "json" };

/** The version of the web app, from its package. */
export const { version } = manifest;

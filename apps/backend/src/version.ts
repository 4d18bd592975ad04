import manifest from "../package.json" with { type: "json" };

/** Version of the backend's package. */
export const { version } = manifest;

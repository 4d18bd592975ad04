/** The search params of the alerts page, as Next passes them. */
export type SearchParams = Record<string, string | string[] | undefined>;

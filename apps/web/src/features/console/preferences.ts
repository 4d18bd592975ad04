/** Cookie of the tool that was looked at last, so that the page comes with it. */
export const lastToolCookie = "smarteros_tool";

import { keepArrival } from "./features/console/share.ts";

// Before Next's router reads the address: it stores the first one with its fragment and restores it at each return to
// the page, so that a link's arguments would replace a draft again.
keepArrival();

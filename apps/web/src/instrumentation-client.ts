import { keepArrival } from "./features/console/share.ts";

// Before Next's router reads the address: it remembers the one a document came with, and hands it back with its fragment
// whenever somebody returns to the page, so that a link's arguments would take the place of a draft again and again.
keepArrival();

/** Formats of dates: 22-11-2026, 10:05, never with "a. m.". */
export const formats = {
  dateTime: {
    day: { day: "2-digit", month: "2-digit", year: "numeric" },
    minute: {
      day: "2-digit",
      month: "2-digit",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    },
    second: {
      day: "2-digit",
      month: "2-digit",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    },
    clock: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  },
} as const;

const { day, minute, second, clock } = formats.dateTime;
const spelt = { month: "short" } as const;

/** The same in English, with the month as a word: 11/12 is two dates to its readers. */
export const englishFormats = {
  dateTime: {
    day: { ...day, ...spelt },
    minute: { ...minute, ...spelt },
    second: { ...second, ...spelt },
    clock,
  },
} as const;

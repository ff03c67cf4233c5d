/**
 * Names of the tz database (2025b) without a slash, and `utc`, which Cloud Scheduler documents for UTC. Intl knows more of its own, such
 * as PST, that are in no tz database.
 */
const SHORT_NAMES: ReadonlySet<string> = new Set(
  (
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel ' +
    'Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT ' +
    'UTC Universal W-SU WET Zulu utc'
  ).split(' '),
);
/** `Area/Place`; the area SystemV is an invention of ICU. */
const LONG_NAME = /^(?!SystemV\/)[A-Z][\w+-]*(\/[A-Z][\w+-]*)+$/;

/**
 * Whether the text is a name of the tz database, which Cloud Scheduler's `timeZone` must be: not an offset such as `+05:30`, and with
 * the capital letters of the database.
 */
export function isTimeZone(timeZone: string): boolean {
  if (SHORT_NAMES.has(timeZone)) return true;
  const resolved = LONG_NAME.test(timeZone) ? resolve(timeZone) : undefined;
  if (resolved === undefined) return false;
  const isOtherCase = resolved !== timeZone && resolved.toLowerCase() === timeZone.toLowerCase();
  return !isOtherCase;
}

/** The name that Intl prefers for the zone; undefined if Intl does not know it. */
function resolve(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** Moments: shown in the reader's language, read and written in the site's time zone. */

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
];

/** The reader's own English, where the browser names one: elsewhere the month stands first. */
export function localeOf(lang: string, own = navigator.languages): string {
  return (lang === 'en' && own.find((tag) => tag.startsWith('en-'))) || lang;
}

/** "3 minutes ago" for the last week, then a date. */
export function ago(moment: string, lang: string, timeZone: string, now = Date.now()): string {
  const seconds = (Date.parse(moment) - now) / 1000;
  if (Math.abs(seconds) > 7 * 86_400) return day(moment, lang, timeZone);
  const words = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  if (Math.abs(seconds) < 60) return words.format(0, 'second');
  const [unit, size] = UNITS.findLast(([, length]) => Math.abs(seconds) >= length) ?? UNITS[0]!;
  return words.format(Math.round(seconds / size), unit);
}

export function day(moment: string, lang: string, timeZone: string): string {
  const style = { dateStyle: 'medium', timeZone } as const;
  return new Intl.DateTimeFormat(localeOf(lang), style).format(new Date(moment));
}

export function dayAndTime(moment: string, lang: string, timeZone: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat(localeOf(lang), style).format(new Date(moment));
}

/** What a clock on the wall of that zone shows, as `2026-11-22T13:05`; who types 2031 begins with `0002`. */
export function wallTime(moment: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(moment);
  const part = (type: string) => parts.find((item) => item.type === type)?.value ?? '00';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/** The moment at which a clock of that zone shows `wall`; null if it can't be read. */
export function momentOf(wall: string, timeZone: string): Date | null {
  const wanted = Date.parse(`${wall}Z`);
  let guess = wanted;
  // Twice: the first correction may cross a change of the clocks.
  for (let round = 0; round < 2; round += 1) {
    if (Number.isNaN(guess)) return null;
    guess += wanted - Date.parse(`${wallTime(new Date(guess), timeZone)}Z`);
  }
  return Number.isNaN(guess) ? null : new Date(guess);
}

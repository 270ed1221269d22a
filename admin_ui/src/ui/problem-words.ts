/** What the server says no with, in the words of the screens; the server's own where they have none. */
import type { Said } from '~/data/problem';

import { problemTexts } from './problem-texts';
import { fill } from './texts';
import type { Lang } from './texts';

type Key = keyof typeof problemTexts.en;

// Of many meanings: the server's English says which.
const GENERIC = new Set(['conflict', 'forbidden', 'in_use', 'not_found', 'too_many_things', 'unavailable', 'wrong_code']);
// A pattern says nothing to a writer; what the field holds does.
const HELD: [RegExp, Key][] = [
  [/(^|_)url$/, 'pattern_url'],
  [/^(start|end|date)$/, 'pattern_date'],
  [/_on$/, 'pattern_day'],
  [/slugs?$/, 'pattern_slug'],
  [/(color|accent)$/, 'pattern_color'],
  [/email$/, 'bad_email'],
  [/lang$|languages$/, 'pattern_lang'],
  [/_path$/, 'pattern_path'],
];
// What the server's own rules say, under one code; by how it begins.
const RULES: [string, Key][] = [
  ['must be UTF-8', 'bad_path_text'],
  ['must be a day', 'bad_day'],
  ['must be a path of this site', 'bad_path'],
  ['must be a path alone', 'bad_path'],
  ['must be a path such as', 'bad_target'],
  ['must be an IANA time zone', 'bad_zone'],
  ['must be an e-mail address', 'bad_email'],
  ['must be one line', 'one_line'],
  ['must hold {slug}', 'bad_holes'],
  ['must lie between the years', 'moment_range'],
  ['must not be before started_on', 'before_start'],
  ['must not be blank', 'blank'],
  ['must not hold blanks', 'bad_path_text'],
  ['must not hold empty', 'bad_path_text'],
  ['must not name a language twice', 'twice'],
];

function keyOf({ code, field, words }: Said): Key | null {
  if (code === 'value_error') return RULES.find(([start]) => words.startsWith(start))?.[1] ?? null;
  const name = field.split('.').findLast((part) => !/^\d+$/.test(part)) ?? '';
  const held = HELD.find(([pattern]) => pattern.test(name))?.[1];
  if (code === 'string_pattern_mismatch') {
    if (held !== 'pattern_url') return held ?? 'pattern';
    return words.includes('mailto:') ? 'pattern_mail' : words.includes('^(/') ? 'bad_target' : held;
  }
  if (code === 'string_too_short') {
    if (words.includes('at least 1 ')) return 'missing';
    return held === 'pattern_url' ? held : code;
  }
  if (code in problemTexts.en) return code as Key;
  return code.startsWith('too_many_') ? 'too_many_things' : null;
}

export function problemWords(said: Said, lang: Lang): string {
  const key = keyOf(said);
  if (key === null || (lang === 'en' && GENERIC.has(key) && said.words)) return said.words;
  const [n, m] = (said.words.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  const text = fill(problemTexts[lang][key], { ...(n !== undefined && { n }), ...(m !== undefined && { m }) });
  return /\{[nm]\}/.test(text) ? said.words : text;
}

/** What a writer can change of an article, and how three versions of it are told apart. */
import type { ArticleAdmin, Place } from '~/data/articles';
import { threeWay } from '~/data/three-way';
import type { Merged } from '~/data/three-way';

export interface Fields {
  title: string;
  slug: string;
  lang: string;
  markdown: string;
  excerpt: string | null;
  author_slugs: string[];
  tag_slugs: string[];
  series: Place | null;
  featured: boolean;
  cover_id: string | null;
  translation_of: string | null;
  seo: { title: string; description: string; canonical_url: string | null; no_index: boolean };
}

export type FieldName = keyof Fields;

export const NAMES: readonly FieldName[] = [
  'title',
  'slug',
  'lang',
  'markdown',
  'excerpt',
  'author_slugs',
  'tag_slugs',
  'series',
  'featured',
  'cover_id',
  'translation_of',
  'seo',
];

/** The server trims a title; while somebody types, a blank at its end is theirs. */
const TRIMMED: ReadonlySet<FieldName> = new Set(['title']);

export function blank(lang: string): Fields {
  return {
    title: '',
    slug: '',
    lang,
    markdown: '',
    excerpt: null,
    author_slugs: [],
    tag_slugs: [],
    series: null,
    featured: false,
    cover_id: null,
    translation_of: null,
    seo: { title: '', description: '', canonical_url: null, no_index: false },
  };
}

export function fieldsOf(article: ArticleAdmin): Fields {
  const { title, slug, lang, markdown, excerpt, author_slugs, tag_slugs } = article;
  const { series, featured, cover_id, translation_of } = article;
  const { title: seoTitle, description, canonical_url, no_index } = article.seo;
  const seo = { title: seoTitle, description, canonical_url, no_index };
  return {
    title,
    slug,
    lang,
    markdown,
    excerpt,
    author_slugs,
    tag_slugs,
    series,
    featured,
    cover_id,
    translation_of,
    seo,
  };
}

export function isSame(name: FieldName, one: Fields, other: Fields): boolean {
  const [a, b] = [one[name], other[name]];
  if (typeof a === 'string' && typeof b === 'string' && TRIMMED.has(name)) {
    return a.trim() === b.trim();
  }
  return typeof a === 'object' ? JSON.stringify(a) === JSON.stringify(b) : a === b;
}

export function changed(base: Fields, mine: Fields): FieldName[] {
  return NAMES.filter((name) => !isSame(name, base, mine));
}

export function pick(fields: Fields, names: readonly FieldName[]): Partial<Fields> {
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

/** Field by field, as `threeWay` says. */
export const merge = (base: Fields, mine: Fields, theirs: Fields): Merged<Fields> =>
  threeWay(base, mine, theirs, isSame);

export type Choice = 'mine' | 'theirs' | { markdown: string };

/** How a conflict ends: with one side of what both changed, or with a text merged of both. */
export function chosen(choice: Choice, base: Fields, mine: Fields, theirs: Fields): Fields {
  const { merged, conflicts } = merge(base, mine, theirs);
  if (choice === 'mine') return merged;
  return { ...merged, ...(choice === 'theirs' ? pick(theirs, conflicts) : choice) };
}

/** Whether a slug looks as if it came from the title, so that it may follow the title. */
export function isFromTitle(slug: string, title: string): boolean {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain !== '' && slug.replace(/-\d+$/, '') === plain.slice(0, 80).replace(/-\d+$|-+$/g, '');
}

/** As the server counts: without code blocks, addresses and tags. About right while typing. */
export function countWords(markdown: string): number {
  const read = markdown
    .replace(/^(```|~~~)[^]*?(^\1|(?![^]))/gm, ' ')
    .replace(/\]\([^)]*\)/g, ' ')
    .replace(/<[^>]+>/g, ' ');
  return read.match(/[\p{L}\p{N}_]+(?:['’.-][\p{L}\p{N}_]+)*/gu)?.length ?? 0;
}

/** What is sent of an article, and what its answer means for what was typed. */
import type { ArticleAdmin } from '~/data/articles';

import { fieldsOf, pick } from './fields';
import type { FieldName, Fields } from './fields';

/** The server may answer these otherwise than they were sent: a slug made, a tag's name resolved. */
const ADOPTED: readonly FieldName[] = [
  'slug',
  'lang',
  'author_slugs',
  'tag_slugs',
  'series',
  'translation_of',
];
const VERBATIM: readonly FieldName[] = ['title', 'markdown', 'excerpt', 'featured', 'cover_id', 'seo'];

/** A merge patch of what changed. `slug: null` asks for a new one from the title. */
export function bodyOf(
  article: ArticleAdmin | null,
  sent: Fields,
  names: readonly FieldName[],
  slugFollows: boolean,
): Record<string, unknown> {
  const body: Record<string, unknown> = pick(sent, names);
  if (!article) {
    if (!sent.slug) delete body.slug;
    return body;
  }
  const hasNewTitle = names.includes('title') && !names.includes('slug');
  if (body.slug === '' || (hasNewTitle && slugFollows && !article.live)) body.slug = null;
  return body;
}

/** What counts as saved, and the fields as they are now: what was typed meanwhile stays on top. */
export function afterSaving(
  sent: Fields,
  typed: Fields,
  article: ArticleAdmin,
): { base: Fields; fields: Fields } {
  const now = fieldsOf(article);
  const base = { ...now, ...pick(sent, VERBATIM) };
  if (!sent.title.trim()) base.title = now.title;
  const quiet = ADOPTED.filter((name) => JSON.stringify(typed[name]) === JSON.stringify(sent[name]));
  return { base, fields: { ...typed, ...pick(now, quiet) } };
}

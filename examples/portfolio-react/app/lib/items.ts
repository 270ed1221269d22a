/** Single items and their frames, published or as the draft that a preview link opens. */
import {
  getArticle,
  getPage,
  getProject,
  PreviewRefused,
  previewOf,
  readPreview,
  type Article,
  type Draft,
  type PreviewLink,
  type Project,
  type SitePage,
} from '@lontar/client';
import { redirect } from 'react-router';

import { api, asked, isBuilding, site } from './api';
import type { Chrome } from './chrome';
import { pathOf, spoken } from './paths';

interface Frame extends Chrome {
  isDraft: boolean;
}

export type Shown<K extends Draft['kind']> = (Draft & { kind: K }) & Frame;
type Item = Article | SitePage | Project;

/** Null where there is no such item, or the preview link is good no more. */
export async function shown<K extends Draft['kind']>(
  kind: K,
  slug: string,
  request: Request,
): Promise<Shown<K> | null> {
  const link = isBuilding ? null : previewOf(request.url, { kind, slug });
  return (link ? drafted(link) : published(kind, slug)) as Promise<Shown<K> | null>;
}

/** The draft that a link names. */
export async function drafted(link: PreviewLink): Promise<Shown<Draft['kind']> | null> {
  try {
    return await framed(await readPreview(link, { client: api }), true);
  } catch (error) {
    if (error instanceof PreviewRefused && error.status !== undefined && error.status < 500) return null;
    throw error;
  }
}

async function published(kind: Draft['kind'], slug: string): Promise<Shown<Draft['kind']> | null> {
  const options = { client: api, path: { slug } };
  switch (kind) {
    case 'article': {
      const item = settled(await asked(getArticle(options)), slug);
      return item && framed({ kind, item });
    }
    case 'page': {
      const item = settled(await asked(getPage(options)), slug);
      return item && framed({ kind, item });
    }
    case 'project': {
      const item = settled(await asked(getProject(options)), slug);
      return item && framed({ kind, item });
    }
  }
}

/** An item's old address leads to it: the reader's should be the new one. */
function settled<T extends Item>(item: T | null, slug: string): T | null {
  if (item && item.slug !== slug) throw redirect(pathOf(item.url), 301);
  return item;
}

async function framed(draft: Draft, isDraft = false): Promise<Shown<Draft['kind']>> {
  const settings = await site();
  const lang = spoken(draft.item.lang, settings);
  return { ...draft, site: settings, lang, elsewhere: elsewhere(draft.item), isDraft };
}

function elsewhere(item: Item): Chrome['elsewhere'] {
  if (!('translations' in item)) return {};
  return Object.fromEntries(item.translations.map((other) => [other.lang, pathOf(other.url)]));
}

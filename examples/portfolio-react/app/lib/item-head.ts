/** The head of an article, a project or a page. */
import type { MetaDescriptor } from 'react-router';

import { breadcrumbs, emptyHead, headOf } from './head';
import type { Shown } from './items';
import { pathOf, prefixed } from './paths';
import { TEXTS } from './texts';

export function articleHead(shown: Shown<'article'> | null | undefined): MetaDescriptor[] {
  if (!shown) return emptyHead();
  const { item, isDraft } = shown;
  return headOf(shown, {
    title: item.seo.title || item.title,
    description: item.seo.description || item.excerpt,
    path: pathOf(item.url),
    canonical: item.seo.canonical_url,
    type: 'article',
    image: item.seo.og_image,
    jsonLd: item.json_ld,
    isHidden: isDraft || item.seo.no_index,
  });
}

export function projectHead(shown: Shown<'project'> | null | undefined): MetaDescriptor[] {
  if (!shown) return emptyHead();
  const { item, site, lang, isDraft } = shown;
  return headOf(shown, {
    title: item.title,
    description: item.summary,
    path: pathOf(item.url),
    image: item.og_image,
    jsonLd: breadcrumbs(shown, [TEXTS[lang].projects, prefixed('/projects', lang, site)], [item.title, item.url]),
    isHidden: isDraft,
  });
}

export function pageHead(shown: Shown<'page'> | null | undefined): MetaDescriptor[] {
  if (!shown) return emptyHead();
  const { item, isDraft } = shown;
  return headOf(shown, {
    title: item.seo.title || item.title,
    description: item.seo.description,
    path: pathOf(item.url),
    canonical: item.seo.canonical_url,
    jsonLd: breadcrumbs(shown, [item.title, item.url]),
    isHidden: isDraft || item.seo.no_index,
  });
}

/** What can be written of the site, and what is sent of it. */
import type { SiteAdmin } from '~/data/site';

export type Level = SiteAdmin['checks'][string];

export type SiteFields = Pick<
  SiteAdmin,
  | 'title'
  | 'description'
  | 'languages'
  | 'fallback_languages'
  | 'time_zone'
  | 'navigation'
  | 'social_links'
  | 'preview_url'
  | 'url_patterns'
  | 'checks'
> & {
  title_suffix: string;
  seo_description: string;
  background: string;
  ink: string;
  accent: string;
};

export const KINDS = ['article', 'project', 'page', 'profile', 'tag', 'series'] as const;

export function readSite(stored: SiteAdmin): SiteFields {
  const { seo, colors, ...rest } = stored;
  return {
    title: rest.title,
    description: rest.description,
    languages: rest.languages,
    fallback_languages: rest.fallback_languages,
    time_zone: rest.time_zone,
    navigation: rest.navigation,
    social_links: rest.social_links,
    preview_url: rest.preview_url,
    url_patterns: rest.url_patterns,
    checks: rest.checks,
    title_suffix: seo.title_suffix ?? '',
    seo_description: seo.description ?? '',
    background: colors.background,
    ink: colors.text,
    accent: colors.accent,
  };
}

type Patterns = SiteAdmin['url_patterns'];

/** Only the patterns that differ; null takes one out, so that the default holds again. */
export function changedPatterns(before: Patterns, after: Patterns): Record<string, Record<string, string | null>> {
  const changed = KINDS.map((kind) => {
    const old = before[kind] ?? {};
    const next = after[kind] ?? {};
    const langs = [...new Set([...Object.keys(old), ...Object.keys(next)])];
    const differing = langs.filter((lang) => (old[lang] ?? '') !== (next[lang] ?? ''));
    return [kind, Object.fromEntries(differing.map((lang) => [lang, next[lang] || null]))] as const;
  });
  return Object.fromEntries(changed.filter(([, langs]) => Object.keys(langs).length > 0));
}

export function sentSite(value: SiteFields, stored: SiteAdmin): Record<string, unknown> {
  const { title_suffix, seo_description, background, ink, accent, url_patterns, ...rest } = value;
  return {
    ...rest,
    seo: { title_suffix, description: seo_description },
    colors: { background, text: ink, accent },
    url_patterns: changedPatterns(stored.url_patterns, url_patterns),
  };
}

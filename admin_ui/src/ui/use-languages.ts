/** The site's languages by their names in the language of the page. */
import { useQuery } from '@tanstack/react-query';

import { siteQuery } from '~/data/site';

import { useLang } from './texts';

export interface NamedLanguage {
  value: string;
  label: string;
}

export function useLanguages(): NamedLanguage[] {
  const { lang } = useLang();
  const { data: site } = useQuery(siteQuery);
  const names = new Intl.DisplayNames([lang], { type: 'language' });
  return (site?.languages ?? []).map((tag) => ({ value: tag, label: names.of(tag) ?? tag }));
}

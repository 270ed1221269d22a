/** Moments as the reader's language and the site's clock have them. */
import { useQuery } from '@tanstack/react-query';

import { siteQuery } from '~/data/site';

import { useLang } from './texts';
import { ago, day } from './time';

export function useClock() {
  const { lang } = useLang();
  const { data: site } = useQuery(siteQuery);
  const zone = site?.time_zone ?? 'UTC';
  return {
    ago: (moment: string) => ago(moment, lang, zone),
    day: (moment: string) => day(moment, lang, zone),
  };
}

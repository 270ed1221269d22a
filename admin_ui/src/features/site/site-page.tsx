import { useQuery } from '@tanstack/react-query';

import { siteQuery } from '~/data/site';
import { EmptyState } from '~/ui/empty-state';
import { useTexts } from '~/ui/texts';

import { SiteForm } from './site-form';
import { siteTexts } from './texts';

export function SitePage() {
  const t = useTexts(siteTexts);
  const { data, error } = useQuery(siteQuery);
  if (error && !data) return <EmptyState isPage title={t('couldNotLoad')} hint={error.message} />;
  return data ? <SiteForm stored={data} /> : null;
}

import { previewOf } from '@lontar/client';
import type { ComponentType } from 'react';

import { useChrome } from '~/lib/chrome';
import { headOf } from '~/lib/head';
import { drafted } from '~/lib/items';
import type { Route } from './+types/preview';

// Only what the link names is fetched.
const VIEWS = {
  article: async () => (await import('~/ui/article-view')).ArticleView,
  page: async () => (await import('~/ui/page-view')).PageView,
  project: async () => (await import('~/ui/project-view')).ProjectView,
};

/** Where the site's `preview_url` points: the token stands in the address, and the draft is never built. */
export async function clientLoader({ request }: Route.ClientLoaderArgs) {
  const link = previewOf(request.url);
  const shown = link && (await drafted(link));
  if (!shown) return null;
  const View = (await VIEWS[shown.kind]()) as ComponentType<{ shown: typeof shown }>;
  return { ...shown, View };
}

export function meta({ loaderData }: Route.MetaArgs) {
  const title = loaderData?.item.title ?? '…';
  return [
    ...headOf(loaderData, { title, path: '/preview', isHidden: true }),
    { name: 'referrer', content: 'no-referrer' },
  ];
}

export default function Preview({ loaderData }: Route.ComponentProps) {
  const { texts } = useChrome();
  if (loaderData) return <loaderData.View shown={loaderData} />;
  return (
    <div className="column page">
      <h1>{texts.previewGone}</h1>
    </div>
  );
}

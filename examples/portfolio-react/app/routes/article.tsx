import { inTexts } from '~/lib/fonts';
import { fresh } from '~/lib/fresh';
import { articleHead } from '~/lib/item-head';
import { shown } from '~/lib/items';
import { ArticleView } from '~/ui/article-view';
import { Nothing } from '~/ui/nothing';
import type { Route } from './+types/article';

function load({ params, request }: { params: { slug?: string }; request: Request }) {
  return shown('article', params.slug ?? '', request);
}

export const loader = load;
export const clientLoader = fresh(load);

export const links = () => inTexts;

export function meta({ loaderData }: Route.MetaArgs) {
  return articleHead(loaderData);
}

export default function Article({ loaderData }: Route.ComponentProps) {
  return loaderData ? <ArticleView shown={loaderData} /> : <Nothing />;
}

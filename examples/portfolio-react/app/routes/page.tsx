import { inTexts } from '~/lib/fonts';
import { fresh } from '~/lib/fresh';
import { pageHead } from '~/lib/item-head';
import { shown } from '~/lib/items';
import { PageView } from '~/ui/page-view';
import { Nothing } from '~/ui/nothing';
import type { Route } from './+types/page';

function load({ params, request }: { params: { slug?: string }; request: Request }) {
  return shown('page', params.slug ?? '', request);
}

export const loader = load;
export const clientLoader = fresh(load);

export const links = () => inTexts;

export function meta({ loaderData }: Route.MetaArgs) {
  return pageHead(loaderData);
}

export default function Page({ loaderData }: Route.ComponentProps) {
  return loaderData ? <PageView shown={loaderData} /> : <Nothing />;
}

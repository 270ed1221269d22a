import { inTexts } from '~/lib/fonts';
import { fresh } from '~/lib/fresh';
import { projectHead } from '~/lib/item-head';
import { shown } from '~/lib/items';
import { ProjectView } from '~/ui/project-view';
import { Nothing } from '~/ui/nothing';
import type { Route } from './+types/project';

function load({ params, request }: { params: { slug?: string }; request: Request }) {
  return shown('project', params.slug ?? '', request);
}

export const loader = load;
export const clientLoader = fresh(load);

export const links = () => inTexts;

export function meta({ loaderData }: Route.MetaArgs) {
  return projectHead(loaderData);
}

export default function Project({ loaderData }: Route.ComponentProps) {
  return loaderData ? <ProjectView shown={loaderData} /> : <Nothing />;
}

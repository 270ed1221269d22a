/** What fits some typed words: screens at once, content as the server finds it. */
import { useQuery } from '@tanstack/react-query';

import { findArticles } from '~/data/articles';
import { pages, projects } from '~/data/desks';
import type { IconName } from '~/ui/icon';

export interface PaletteScreen {
  to: string;
  label: string;
  icon: IconName;
}

export interface Hit extends PaletteScreen {
  kind: 'screen' | 'article' | 'page' | 'project';
}

const MOST = 6;

async function find(q: string): Promise<Hit[]> {
  const [articles, foundPages, foundProjects] = await Promise.all([
    findArticles({ q }, MOST),
    pages.list({ q }),
    projects.list({ q }),
  ]);
  return [
    ...articles.items.map(({ id, title }) => ({
      kind: 'article' as const,
      to: `/articles/${id}`,
      label: title,
      icon: 'article' as const,
    })),
    ...foundPages.items.slice(0, MOST).map(({ id, title }) => ({
      kind: 'page' as const,
      to: `/pages/${id}`,
      label: title,
      icon: 'page' as const,
    })),
    ...foundProjects.items.slice(0, MOST).map(({ id, title }) => ({
      kind: 'project' as const,
      to: `/projects/${id}`,
      label: title,
      icon: 'folder' as const,
    })),
  ];
}

/** `words` is what stands in the field, `settled` what stood there a moment ago. */
export function useHits(places: PaletteScreen[], words: string, settled: string) {
  const { data, error, isFetching } = useQuery({
    queryKey: ['palette', settled],
    queryFn: () => find(settled),
    enabled: settled !== '',
    staleTime: 10_000,
  });
  const screens = places
    .filter(({ label }) => label.toLocaleLowerCase().includes(words.toLocaleLowerCase()))
    .map((place) => ({ ...place, kind: 'screen' as const }));
  const content = words !== '' && settled === words ? (data ?? []) : [];
  return { hits: [...screens, ...content], error, isFinding: isFetching || settled !== words };
}

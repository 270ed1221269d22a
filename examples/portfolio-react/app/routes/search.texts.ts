/** What the page says beside the texts of every page. */
import type { Lang } from '~/lib/paths';

const en = {
  searchLabel: 'Words to look for',
  searchHint: 'Articles, projects and pages in every language.',
  found: (count: number, words: string) => (count === 0 ? `Nothing found for “${words}”.` : `${count} found for “${words}”.`),
  kinds: { article: 'Article', project: 'Project', page: 'Page' },
};

const id: typeof en = {
  searchLabel: 'Kata yang dicari',
  searchHint: 'Artikel, proyek, dan halaman dalam semua bahasa.',
  found: (count, words) => (count === 0 ? `Tidak ada hasil untuk “${words}”.` : `${count} hasil untuk “${words}”.`),
  kinds: { article: 'Artikel', project: 'Proyek', page: 'Halaman' },
};

export type Texts = typeof en;

export const TEXTS: Record<Lang, Texts> = { en, id };

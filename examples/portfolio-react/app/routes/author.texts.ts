/** What the page says beside the texts of every page. */
import type { Lang } from '~/lib/paths';

const en = {
  since: (year: number) => `Since ${year}`,
  skills: 'Skills',
  experience: 'Experience',
  education: 'Education',
  talks: 'Talks',
  articlesBy: (name: string) => `Articles by ${name}`,
};

const id: typeof en = {
  since: (year) => `Sejak ${year}`,
  skills: 'Keahlian',
  experience: 'Pengalaman',
  education: 'Pendidikan',
  talks: 'Ceramah',
  articlesBy: (name) => `Artikel oleh ${name}`,
};

export type Texts = typeof en;

export const TEXTS: Record<Lang, Texts> = { en, id };

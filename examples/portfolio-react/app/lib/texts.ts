/** What the interface says, in every language it speaks. */
import type { Lang } from './paths';

const en = {
  skip: 'Skip to content',
  menu: 'Main',
  home: 'Home',
  articles: 'Articles',
  projects: 'Projects',
  tags: 'Topics',
  authors: 'Authors',
  search: 'Search',
  contact: 'Contact',
  theme: 'Switch between light and dark',
  language: 'Bahasa Indonesia',
  latest: 'Latest articles',
  allArticles: 'All articles',
  selectedProjects: 'Selected projects',
  allProjects: 'All projects',
  writtenBy: 'Written by',
  featured: 'Featured',
  minutes: (count: number) => `${count} min read`,
  count: (count: number) => (count === 1 ? '1 article' : `${count} articles`),
  contents: 'On this page',
  alsoIn: 'Also in',
  partOf: (position: number) => `Part ${position} of the series`,
  older: 'Older',
  newer: 'Newer',
  previousPart: 'Previous part',
  nextPart: 'Next part',
  moreArticles: 'More articles',
  related: 'Related',
  page: (number: number) => `Page ${number}`,
  taggedWith: 'Topic',
  series: 'Series',
  noArticles: 'Nothing here yet.',
  present: 'present',
  status: { planned: 'Planned', active: 'Active', paused: 'Paused', completed: 'Completed', archived: 'Archived' },
  needsScript: 'This needs JavaScript. Everything else on this site can be read without it.',
  draft: 'Draft preview. Only people with this link see it.',
  previewGone: 'This preview link has expired or was revoked.',
  notFound: 'Page not found',
  notFoundText: 'There is nothing at this address, or not any more.',
  broken: 'That did not work',
  brokenText: 'The page could not be loaded. Check the connection and try again.',
  again: 'Try again',
  loading: 'Loading',
  feeds: 'Feeds',
  opensElsewhere: 'Links',
  months: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
};

const id: typeof en = {
  skip: 'Langsung ke isi',
  menu: 'Utama',
  home: 'Beranda',
  articles: 'Artikel',
  projects: 'Proyek',
  tags: 'Topik',
  authors: 'Penulis',
  search: 'Cari',
  contact: 'Kontak',
  theme: 'Ganti tampilan terang dan gelap',
  language: 'English',
  latest: 'Artikel terbaru',
  allArticles: 'Semua artikel',
  selectedProjects: 'Proyek pilihan',
  allProjects: 'Semua proyek',
  writtenBy: 'Ditulis oleh',
  featured: 'Pilihan',
  minutes: (count) => `${count} menit baca`,
  count: (count) => `${count} artikel`,
  contents: 'Di halaman ini',
  alsoIn: 'Juga dalam',
  partOf: (position) => `Bagian ${position} dari seri`,
  older: 'Lebih lama',
  newer: 'Lebih baru',
  previousPart: 'Bagian sebelumnya',
  nextPart: 'Bagian berikutnya',
  moreArticles: 'Artikel lain',
  related: 'Terkait',
  page: (number) => `Halaman ${number}`,
  taggedWith: 'Topik',
  series: 'Seri',
  noArticles: 'Belum ada apa-apa di sini.',
  present: 'sekarang',
  status: { planned: 'Direncanakan', active: 'Berjalan', paused: 'Jeda', completed: 'Selesai', archived: 'Diarsipkan' },
  needsScript: 'Bagian ini memerlukan JavaScript. Selebihnya bisa dibaca tanpa JavaScript.',
  draft: 'Pratinjau draf. Hanya pemegang tautan ini yang melihatnya.',
  previewGone: 'Tautan pratinjau ini sudah kedaluwarsa atau dicabut.',
  notFound: 'Halaman tidak ditemukan',
  notFoundText: 'Tidak ada apa-apa di alamat ini, atau sudah tidak ada lagi.',
  broken: 'Itu tidak berhasil',
  brokenText: 'Halaman tidak dapat dimuat. Periksa sambungan, lalu coba lagi.',
  again: 'Coba lagi',
  loading: 'Memuat',
  feeds: 'Umpan',
  opensElsewhere: 'Tautan',
  months: ['Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni', 'Juli', 'Agustus', 'September', 'Oktober', 'November', 'Desember'],
};

export type Texts = typeof en;

export const TEXTS: Record<Lang, Texts> = { en, id };

/** `12 Mei 2025`, by the calendar of the site's time zone. */
export function dateOf(moment: string, lang: Lang, timeZone: string): string {
  // Only numbers are taken from Intl: month names differ between Node and browsers, and hydration would stumble.
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(new Date(moment))
    .reduce<Record<string, number>>((found, part) => ({ ...found, [part.type]: Number(part.value) }), {});
  return `${parts.day} ${TEXTS[lang].months[(parts.month ?? 1) - 1]} ${parts.year}`;
}

/** `Apr 2022`-like months of a CV, given as `2022-04` or `2022`. */
export function monthOf(written: string, lang: Lang): string {
  const [year, month] = written.split('-');
  const name = month ? TEXTS[lang].months[Number(month) - 1] : undefined;
  return name ? `${name} ${year}` : (year ?? '');
}

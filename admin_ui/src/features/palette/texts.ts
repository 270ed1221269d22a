import { texts } from '~/ui/texts';

export const paletteTexts = texts(
  {
    article: 'Article',
    close: 'Close',
    find: 'A screen, a title, a word',
    nothing: 'Nothing found',
    page: 'Page',
    project: 'Project',
    results: 'Found',
    screen: 'Screen',
    title: 'Find',
    untitled: 'Untitled',
  },
  {
    article: 'Artikel',
    close: 'Tutup',
    find: 'Layar, judul, atau kata',
    nothing: 'Tidak ditemukan',
    page: 'Halaman',
    project: 'Proyek',
    results: 'Hasil',
    screen: 'Layar',
    title: 'Cari',
    untitled: 'Tanpa judul',
  },
);

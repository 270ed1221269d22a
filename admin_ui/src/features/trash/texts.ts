import { texts } from '~/ui/texts';

export const trashTexts = texts(
  {
    articles: 'Articles',
    cancel: 'Cancel',
    empty: 'The trash is empty',
    emptyHint: 'What is moved here can be brought back.',
    more: 'All of them, in their list',
    pages: 'Pages',
    projects: 'Projects',
    purge: 'Remove for good',
    purgeAsk: '“{title}” is removed with its whole history. Nobody can bring it back.',
    restore: 'Restore',
    title: 'Trash',
    trashed: 'changed {when}',
    untitled: 'Untitled',
  },
  {
    articles: 'Artikel',
    cancel: 'Batal',
    empty: 'Sampah kosong',
    emptyHint: 'Yang dipindahkan ke sini dapat dikembalikan.',
    more: 'Semuanya, dalam daftarnya',
    pages: 'Halaman',
    projects: 'Proyek',
    purge: 'Hapus selamanya',
    purgeAsk: '“{title}” dihapus beserta seluruh riwayatnya. Tidak dapat dikembalikan.',
    restore: 'Pulihkan',
    title: 'Sampah',
    trashed: 'diubah {when}',
    untitled: 'Tanpa judul',
  },
);

import { texts } from '~/ui/texts';

export const linkTexts = texts(
  {
    address: 'Address, or words of an article',
    cancel: 'Cancel',
    insert: 'Insert the link',
    label: 'Text of the link',
    none: 'Nothing of this site matches.',
    found: 'On this site',
    remove: 'Remove the link',
    title: 'Link',
  },
  {
    address: 'Alamat, atau kata dari sebuah artikel',
    cancel: 'Batal',
    insert: 'Sisipkan tautan',
    label: 'Teks tautan',
    none: 'Tidak ada yang cocok di situs ini.',
    found: 'Di situs ini',
    remove: 'Hapus tautan',
    title: 'Tautan',
  },
);

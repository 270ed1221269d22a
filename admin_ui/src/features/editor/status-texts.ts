import { texts } from '~/ui/texts';

export const statusTexts = texts(
  {
    draft: 'Draft',
    published: 'Published',
    scheduled: 'Scheduled',
    trashed: 'In the trash',
    unpublished: 'Unpublished',
  },
  {
    draft: 'Draf',
    published: 'Terbit',
    scheduled: 'Terjadwal',
    trashed: 'Di sampah',
    unpublished: 'Ditarik',
  },
);

import { texts } from './texts';

export const momentTexts = texts(
  {
    goneEnd: 'This time has passed: readers no longer find it as soon as you confirm.',
    goneStart: 'This time has passed: it goes out at once and bears this date ({when}).',
    publishNow: 'Publish now',
    unpublishNow: 'Unpublish now',
  },
  {
    goneEnd: 'Waktu ini sudah lewat: begitu Anda konfirmasi, pembaca tidak lagi menemukannya.',
    goneStart: 'Waktu ini sudah lewat: langsung terbit dengan tanggal ini ({when}).',
    publishNow: 'Terbitkan sekarang',
    unpublishNow: 'Tarik sekarang',
  },
);

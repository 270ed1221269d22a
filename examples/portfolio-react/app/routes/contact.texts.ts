/** What the page says beside the texts of every page. */
import type { Lang } from '~/lib/paths';

const en = {
  yourName: 'Your name',
  yourEmail: 'Your e-mail address',
  subject: 'Subject (optional)',
  message: 'Message',
  leaveEmpty: 'Leave this empty',
  send: 'Send',
  sending: 'Sending …',
  sent: 'Thank you. Your message has arrived.',
  notSent: 'The message could not be sent. Nothing you wrote is lost: try again in a moment.',
  tooMany: 'Too many messages from here. Try again later.',
  contactIntro: 'Questions, corrections, work: write to us and we answer within a few days.',
};

const id: typeof en = {
  yourName: 'Nama Anda',
  yourEmail: 'Alamat surel Anda',
  subject: 'Perihal (boleh kosong)',
  message: 'Pesan',
  leaveEmpty: 'Biarkan kosong',
  send: 'Kirim',
  sending: 'Mengirim …',
  sent: 'Terima kasih. Pesan Anda sudah kami terima.',
  notSent: 'Pesan belum terkirim. Tulisan Anda tidak hilang: coba lagi sebentar lagi.',
  tooMany: 'Terlalu banyak pesan dari sini. Coba lagi nanti.',
  contactIntro: 'Pertanyaan, koreksi, pekerjaan: tulislah kepada kami. Kami menjawab dalam beberapa hari.',
};

export type Texts = typeof en;

export const TEXTS: Record<Lang, Texts> = { en, id };

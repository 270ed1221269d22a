/** What readers wrote with the contact form. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import {
  deleteContactMessage,
  eraseContactSender,
  getContactMessage,
  listContactMessages,
  updateContactMessage,
} from '~/api';
import type { ContactMark, ContactMessage } from '~/api';

import { answer } from './problem';
import type { Filter, Paged } from './records';
import { ifMatch } from './revision';

export type { ContactMark, ContactMessage } from '~/api';

/** By `state`: `new` are those that nobody read, `spam` what was caught; without it, the inbox. */
export const messagesQuery = ({ state, cursor }: Filter) =>
  queryOptions({
    queryKey: ['contact', 'list', { state, cursor }],
    queryFn: (): Promise<Paged<ContactMessage>> =>
      answer(
        listContactMessages({
          query: {
            limit: 50,
            folder: state === 'spam' ? 'spam' : 'inbox',
            ...(state === 'new' && { is_read: false }),
            ...(cursor && { cursor }),
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** The newest of those that nobody read, and how many there are. */
export const newMessagesQuery = queryOptions({
  queryKey: ['contact', 'list', 'newest'],
  queryFn: (): Promise<Paged<ContactMessage>> =>
    answer(listContactMessages({ query: { limit: 5, is_read: false, total: true } })),
});

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', 'one', id],
    queryFn: (): Promise<ContactMessage> => answer(getContactMessage({ path: { message_id: id } })),
  });

const BEGINNING = 80;

/** What it is about: its subject, or how it begins. */
export function gistOf({ subject, message }: ContactMessage): string {
  const words = subject?.trim() || message.trim().replaceAll(/\s+/g, ' ');
  return words.length > BEGINNING ? `${words.slice(0, BEGINNING).trimEnd()}…` : words;
}

type Seen = Pick<ContactMessage, 'id' | 'revision'>;

export const markMessage = ({ id, revision }: Seen, body: ContactMark): Promise<ContactMessage> =>
  answer(updateContactMessage({ path: { message_id: id }, headers: ifMatch(revision), body }));

export const removeMessage = ({ id, revision }: Seen): Promise<unknown> =>
  answer(deleteContactMessage({ path: { message_id: id }, headers: ifMatch(revision) }));

export const eraseSender = (email: string): Promise<unknown> =>
  answer(eraseContactSender({ body: { email } }));

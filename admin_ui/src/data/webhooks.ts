/** Who is told of changes, what was sent to them and what they said. */
import { queryOptions } from '@tanstack/react-query';

import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhookDeliveries,
  listWebhooks,
  redeliverWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from '~/api';
import type { Delivery, WebhookAdmin, WebhookInput, WebhookMade } from '~/api';

import { answer } from './problem';
import type { Paged, Store } from './records';
import { ifMatch } from './revision';

export type { Delivery, WebhookAdmin, WebhookMade } from '~/api';

export const WEBHOOK_KINDS = [
  'article',
  'project',
  'page',
  'profile',
  'tag',
  'series',
  'site',
  'redirect',
  'contact',
] as const satisfies WebhookAdmin['kinds'][number][];

export const webhooks: Store<WebhookAdmin> = {
  name: 'webhooks',
  list: ({ cursor }) => answer(listWebhooks({ query: { limit: 50, ...(cursor && { cursor }) } })),
  load: (id) => answer(getWebhook({ path: { webhook_id: id } })),
  /** Answers with the secret too, this once. */
  start: (body) => answer(createWebhook({ body: body as WebhookInput })),
  change: (id, revision, body) =>
    answer(updateWebhook({ path: { webhook_id: id }, headers: ifMatch(revision), body })),
};

export const removeWebhook = (id: string, revision: number): Promise<unknown> =>
  answer(deleteWebhook({ path: { webhook_id: id }, headers: ifMatch(revision) }));

export const rotateSecret = (id: string, revision: number): Promise<WebhookMade> =>
  answer(rotateWebhookSecret({ path: { webhook_id: id }, headers: ifMatch(revision), body: null }));

export const testHook = (id: string): Promise<Delivery> => answer(testWebhook({ path: { webhook_id: id } }));

export const redeliver = (id: string, delivery: string): Promise<Delivery> =>
  answer(redeliverWebhook({ path: { webhook_id: id, delivery_id: delivery } }));

export const deliveriesQuery = (id: string, state?: Delivery['state']) =>
  queryOptions({
    queryKey: ['webhooks', 'deliveries', id, state ?? 'all'],
    queryFn: (): Promise<Paged<Delivery>> =>
      answer(
        listWebhookDeliveries({ path: { webhook_id: id }, query: { limit: 30, ...(state && { state }) } }),
      ),
  });

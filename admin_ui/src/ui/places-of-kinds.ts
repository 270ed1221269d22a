/** Where a thing of a kind is shown, by the names that the server gives to kinds. */
import type { RecordPath } from './record-link';

export const PLACES: Partial<Record<string, RecordPath>> = {
  article: '/articles/$articleId',
  contact: '/messages/$id',
  page: '/pages/$id',
  profile: '/profiles/$profileId',
  project: '/projects/$id',
  media: '/media/$id',
  webhook: '/webhooks/$id',
  redirect: '/redirects/$id',
};

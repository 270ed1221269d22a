/** What lies ahead of an article, as sentences with a moment, and what of it can be called off. */
import type { ArticleAdmin, VerbDetail } from '~/data/articles';

export interface Plan {
  key: 'schedule' | 'since' | 'changeAt' | 'endsAt';
  moment: string;
  what: VerbDetail['what'] | null;
}

export function plansOf({ status, publish_at, change_at, unpublish_at }: ArticleAdmin): Plan[] {
  const plans: Plan[] = [];
  if (status === 'scheduled' && publish_at) {
    plans.push({ key: 'schedule', moment: publish_at, what: 'publish' });
  }
  if (status === 'published' && publish_at) plans.push({ key: 'since', moment: publish_at, what: null });
  if (change_at) plans.push({ key: 'changeAt', moment: change_at, what: 'change' });
  if (unpublish_at && status !== 'unpublished') {
    plans.push({ key: 'endsAt', moment: unpublish_at, what: 'unpublish' });
  }
  return plans;
}

/** Who is told when something changes. */
import { useNavigate } from '@tanstack/react-router';

import { listQuery } from '~/data/records';
import { webhooks } from '~/data/webhooks';
import { useListSearch } from '~/ui/list-search';
import { RecordList } from '~/ui/record-list';
import { RecordRow } from '~/ui/record-row';
import { StateBadge } from '~/ui/state-badge';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import { webhookTexts } from './texts';

export function WebhooksPage() {
  const t = useTexts(webhookTexts);
  const { ago } = useClock();
  const navigate = useNavigate();
  const [search] = useListSearch();
  const onNew = () => void navigate({ to: '/webhooks/$id', params: { id: 'new' } });
  return (
    <RecordList
      title={t('title')}
      query={listQuery(webhooks, search)}
      create={{ label: t('new'), onNew }}
      empty={t('empty')}
      emptyHint={t('emptyHint')}
      row={(hook) => (
        <RecordRow
          key={hook.id}
          path="/webhooks/$id"
          id={hook.id}
          title={hook.name}
          badge={
            <StateBadge
              tone={!hook.is_enabled ? 'quiet' : hook.failing_since ? 'bad' : 'good'}
              label={t(!hook.is_enabled ? 'disabled' : hook.failing_since ? 'failed' : 'enabled')}
            />
          }
          meta={[
            hook.url,
            hook.failing_since && t('failing', { when: ago(hook.failing_since) }),
            hook.disabled_because && t('disabledBecause', { why: hook.disabled_because }),
          ]}
        />
      )}
    />
  );
}

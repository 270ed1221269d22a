/** What was sent to a webhook, and what it said. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { deliveriesQuery, redeliver } from '~/data/webhooks';
import type { Delivery } from '~/data/webhooks';
import { Alarm } from '~/ui/alarm';
import { Section } from '~/ui/section';
import { StateBadge } from '~/ui/state-badge';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import classes from './deliveries.module.css';
import { webhookTexts } from './texts';

const TONES = { collecting: 'wait', waiting: 'wait', delivered: 'good', failed: 'bad' } as const;

/** Looks again as long as something is on its way. */
const every = (items: Delivery[] | undefined) =>
  items?.some(({ state }) => state === 'waiting' || state === 'collecting') ? 3000 : false;

export function Deliveries({ webhook }: { webhook: string }) {
  const t = useTexts(webhookTexts);
  const { ago } = useClock();
  const queryClient = useQueryClient();
  const { data, error } = useQuery({
    ...deliveriesQuery(webhook),
    refetchInterval: (query) => every(query.state.data?.items),
  });
  const again = useMutation({
    mutationFn: (id: string) => redeliver(webhook, id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['webhooks', 'deliveries', webhook] }),
  });
  return (
    <Section title={t('deliveries')} hint={t('deliveriesHint')}>
      <Alarm error={error ?? again.error} />
      {data?.items.length === 0 && <p className={classes.none}>{t('none')}</p>}
      <ul className={classes.list} aria-label={t('deliveries')}>
        {data?.items.map((item) => (
          <li key={item.id} className={classes.item}>
            <div className={classes.head}>
              <StateBadge tone={TONES[item.state]} label={t(item.state)} />
              <span className={classes.words}>
                {item.type} · {t('changes', { n: item.changes_count })} · {ago(item.created_at)}
              </span>
              {(item.state === 'failed' || item.state === 'delivered') && (
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={again.isPending && again.variables === item.id}
                  onClick={(event) => {
                    again.mutate(item.id);
                    // The button goes with the answer; what was tried so far stays beside it.
                    event.currentTarget.closest('li')?.querySelector('summary')?.focus();
                  }}
                >
                  {t('redeliver')}
                </Button>
              )}
            </div>
            {item.attempts_count > 0 && (
              <details>
                <summary>{t('attempts', { n: item.attempts_count })}</summary>
                <ul className={classes.attempts}>
                  {item.attempts.map(({ at, status, error: why, ms }) => (
                    <li key={at}>{t('attempt', { when: ago(at), what: why ?? String(status), ms })}</li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** One webhook: where it leads, its secrets, and what was sent. */
import { useState } from 'react';

import { WEBHOOK_KINDS, webhooks } from '~/data/webhooks';
import type { WebhookMade } from '~/data/webhooks';
import { Fields } from '~/ui/fields';
import { RecordScreen } from '~/ui/record-screen';
import { SecretOnce } from '~/ui/secret-once';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import { Deliveries } from './deliveries';
import classes from './deliveries.module.css';
import { webhookTexts } from './texts';
import { WebhookActions } from './webhook-actions';

const BLANK = { name: '', url: '', kinds: [] as string[], is_enabled: true };

export function WebhookPage() {
  const t = useTexts(webhookTexts);
  const { day } = useClock();
  const [secret, show] = useState<string | null>(null);
  return (
    <>
      <RecordScreen
        store={webhooks}
        idOf={(stored) => stored.id}
        path="/webhooks/$id"
        backTo="/webhooks"
        backText={t('all')}
        title={(value) => value.name || t('new')}
        blank={BLANK}
        read={({ name, url, kinds, is_enabled }) => ({ name, url, kinds: [...kinds], is_enabled })}
        sent={(value) => value}
        onSaved={(saved) => {
          const { secret: shown } = saved as Partial<WebhookMade>;
          if (shown) show(shown);
        }}
        actions={(stored) => <WebhookActions webhook={stored} onSecret={show} />}
      >
        {(form, stored) => (
          <>
            <Section title={t('target')}>
              <Fields
                form={form}
                of={[
                  { name: 'name', label: t('name') },
                  { name: 'url', label: t('url'), hint: t('urlHint'), as: 'url' },
                  {
                    name: 'kinds',
                    label: t('kinds'),
                    hint: t('kindsHint'),
                    as: 'choices',
                    options: WEBHOOK_KINDS.map((value) => ({ value, label: t(value) })),
                  },
                  { name: 'is_enabled', label: t('enabled'), as: 'switch' },
                ]}
              />
            </Section>
            {stored && (
              <>
                <Section title={t('key')} hint={t('keyHint')}>
                  <ul className={classes.secrets}>
                    {stored.secrets.map((kept) => (
                      <li key={kept.created_at}>
                        {t('keyMade', { when: day(kept.created_at) })}
                        {kept.expires_at && `, ${t('keyUntil', { when: day(kept.expires_at) })}`}
                      </li>
                    ))}
                  </ul>
                </Section>
                <Deliveries webhook={stored.id} />
              </>
            )}
          </>
        )}
      </RecordScreen>
      {secret && (
        <SecretOnce
          title={t('key')}
          hint={t('once')}
          secret={secret}
          label={t('key')}
          copy={t('copy')}
          copied={t('copied')}
          done={t('done')}
          onDone={() => show(null)}
        />
      )}
    </>
  );
}

/** A test, another secret, the end. */
import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { recordQuery } from '~/data/records';
import { remember } from '~/data/remember';
import { removeWebhook, rotateSecret, testHook, webhooks } from '~/data/webhooks';
import type { WebhookAdmin } from '~/data/webhooks';
import { Alarm } from '~/ui/alarm';
import { Confirm } from '~/ui/confirm';
import { Icon } from '~/ui/icon';
import { recordTexts } from '~/ui/record-texts';
import { useTexts } from '~/ui/texts';
import { useLeading } from '~/ui/use-leading';

import { webhookTexts } from './texts';

interface Props {
  webhook: WebhookAdmin;
  onSecret: (secret: string) => void;
}

export function WebhookActions({ webhook, onSecret }: Props) {
  const t = useTexts(webhookTexts);
  const r = useTexts(recordTexts);
  const lead = useLeading();
  const queryClient = useQueryClient();
  const [asked, ask] = useState<'rotate' | 'remove' | null>(null);
  const test = useMutation({
    mutationFn: () => testHook(webhook.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['webhooks', 'deliveries', webhook.id] }),
  });
  const rotation = useMutation({
    mutationFn: () => rotateSecret(webhook.id, webhook.revision),
    onSuccess: ({ secret, ...rest }) => {
      remember(queryClient, recordQuery(webhooks, webhook.id).queryKey, rest);
      onSecret(secret);
    },
  });
  const removal = useMutation({
    mutationFn: () => removeWebhook(webhook.id, webhook.revision),
    onSuccess: async () => {
      await lead({ to: '/webhooks', ignoreBlocker: true });
      await queryClient.invalidateQueries({ queryKey: ['webhooks', 'list'] });
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        {t('test')}
      </Button>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" color="gray" aria-label={r('more')}>
            <Icon name="dots" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="key" />} onClick={() => ask('rotate')}>
            {t('rotate')}
          </Menu.Item>
          <Menu.Item c="var(--bad)" leftSection={<Icon name="trash" />} onClick={() => ask('remove')}>
            {t('remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Alarm error={test.error ?? rotation.error ?? removal.error} />
      {asked && (
        <Confirm
          isOpen
          title={t(asked)}
          text={t(`${asked}Ask`)}
          yes={t(asked)}
          no={t('cancel')}
          isDangerous={asked === 'remove'}
          onYes={() => {
            if (asked === 'rotate') rotation.mutate();
            else removal.mutate();
            ask(null);
          }}
          onNo={() => ask(null)}
        />
      )}
    </>
  );
}

/** Read or not, spam or not, or gone for good. */
import { Button, Menu } from '@mantine/core';
import { useState } from 'react';

import type { ContactMessage } from '~/data/contact';
import { Confirm } from '~/ui/confirm';
import { Icon } from '~/ui/icon';
import { recordTexts } from '~/ui/record-texts';
import { useTexts } from '~/ui/texts';

import { contactTexts } from './texts';
import type { Ending, useMessageVerbs } from './use-message-verbs';

interface Props {
  message: ContactMessage;
  verbs: ReturnType<typeof useMessageVerbs>;
}

export function MessageActions({ message, verbs }: Props) {
  const t = useTexts(contactTexts);
  const r = useTexts(recordTexts);
  const [asked, ask] = useState<Ending | null>(null);
  const { is_read: isRead, is_spam: isSpam, email } = message;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        disabled={verbs.isBusy}
        onClick={() => verbs.mark({ is_read: !isRead })}
      >
        {t(isRead ? 'markUnread' : 'markRead')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={verbs.isBusy}
        onClick={() => verbs.mark({ is_spam: !isSpam })}
      >
        {t(isSpam ? 'notSpam' : 'markSpam')}
      </Button>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" color="gray" aria-label={r('more')}>
            <Icon name="dots" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item c="var(--bad)" leftSection={<Icon name="trash" />} onClick={() => ask('remove')}>
            {t('remove')}
          </Menu.Item>
          <Menu.Item c="var(--bad)" leftSection={<Icon name="person" />} onClick={() => ask('erase')}>
            {t('erase')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked && (
        <Confirm
          isOpen
          title={t(asked)}
          text={t(`${asked}Ask`, { email })}
          yes={t(asked)}
          no={t('cancel')}
          isDangerous
          onYes={() => {
            verbs.end(asked);
            ask(null);
          }}
          onNo={() => ask(null)}
        />
      )}
    </>
  );
}

/** Signing out empties the browser's storage: it asks first when text stands there that never left. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';

import { signOut } from '~/data/session';
import { unsentTitles } from '~/data/local-drafts';
import { useTexts } from '~/ui/texts';

import { appTexts } from './texts';

/** What the server's Clear-Site-Data takes along but people want to find again. */
const PREFERENCES = ['lontar.lang', 'mantine-color-scheme-value'];

async function leave(): Promise<void> {
  const kept = PREFERENCES.map((key) => [key, localStorage.getItem(key)] as const);
  await signOut();
  localStorage.clear();
  for (const [key, value] of kept) if (value !== null) localStorage.setItem(key, value);
  window.location.assign('/admin/sign-in');
}

export function SignOutDialog({ onStay }: { onStay: () => void }) {
  const t = useTexts(appTexts);
  const titles = unsentTitles(localStorage);
  const { mutate, isPending } = useMutation({ mutationFn: leave });
  const isClean = titles.length === 0;
  useEffect(() => {
    if (isClean) mutate();
  }, [isClean, mutate]);
  return (
    <Modal
      opened={!isClean}
      onClose={onStay}
      title={t('signOutTitle')}
      closeButtonProps={{ 'aria-label': t('signOutStay') }}
    >
      <Text>{t('signOutKept', { titles: titles.join(', ') })}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onStay} data-autofocus>
          {t('signOutStay')}
        </Button>
        <Button color="red" variant="light" loading={isPending} onClick={() => mutate()}>
          {t('signOutAnyway')}
        </Button>
      </Group>
    </Modal>
  );
}

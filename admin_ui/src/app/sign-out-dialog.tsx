/** Signing out empties the browser's storage: it asks first when text stands there that never left. */
import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { unsavedForms } from '~/data/form-copies';
import { signOut } from '~/data/session';
import { unsentTitles } from '~/data/local-drafts';
import { Alarm } from '~/ui/alarm';
import { Dialog } from '~/ui/dialog';
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

/** Try to send what lies here first; the editor's part is fetched only when something does. */
async function deliver(queryClient: QueryClient): Promise<void> {
  if (unsentTitles(localStorage).length === 0) return;
  try {
    const { deliverUnsent } = await import('~/features/editor/deliver-unsent');
    await deliverUnsent(queryClient);
  } catch {
    // Not to be had: whoever signs out is asked.
  }
}

export function SignOutDialog({ onStay }: { onStay: () => void }) {
  const t = useTexts(appTexts);
  const queryClient = useQueryClient();
  const [titles, setTitles] = useState<string[] | null>(null);
  const { mutate, isPending, error } = useMutation({ mutationFn: leave });
  useEffect(() => {
    void deliver(queryClient).then(() => {
      const forms = unsavedForms(localStorage).map((form) => form.title);
      const left = [...unsentTitles(localStorage), ...forms];
      if (left.length === 0) mutate();
      setTitles(left);
    });
  }, [queryClient, mutate]);
  const isEmpty = titles === null || titles.length === 0;
  const isAsking = !isEmpty || error !== null;
  return (
    <Dialog
      opened={isAsking}
      onClose={onStay}
      title={t(isEmpty ? 'signOut' : 'signOutTitle')}
      closeButtonProps={{ 'aria-label': t('signOutStay') }}
    >
      {!isEmpty && <Text>{t('signOutKept', { titles: titles.join(', ') })}</Text>}
      <Alarm error={error} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onStay} data-autofocus>
          {t('signOutStay')}
        </Button>
        <Button color="red" variant="light" loading={isPending} onClick={() => mutate()}>
          {t(isEmpty ? 'signOut' : 'signOutAnyway')}
        </Button>
      </Group>
    </Dialog>
  );
}

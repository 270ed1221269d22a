/** Over the page, never instead of it: whoever was writing signs in and goes on. */
import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

import { remember } from '~/data/remember';
import { expiry, sessionQuery } from '~/data/session';
import type { Person } from '~/data/session';
import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';

import { SignInForm } from './sign-in-form';
import { sessionTexts } from './texts';

export function ExpiredDialog() {
  const t = useTexts(sessionTexts);
  const queryClient = useQueryClient();
  const isOver = useSyncExternalStore(expiry.subscribe, expiry.get);
  const account = queryClient.getQueryData<Person>(sessionQuery.queryKey);
  return (
    <Dialog
      opened={isOver}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('expired')}
      size="sm"
    >
      <Text c="dimmed" mb="md">
        {t('expiredHint')}
      </Text>
      <SignInForm
        email={account?.email ?? ''}
        onDone={(again) => {
          remember(queryClient, sessionQuery.queryKey, again);
          void queryClient.invalidateQueries();
        }}
      />
    </Dialog>
  );
}

/** Confirms a new address by its link; a press, since mail programs open links by themselves. */
import { Alert, Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { confirmAddress, linkToken } from '~/data/account';
import { useTexts } from '~/ui/texts';

import { Door } from './door';
import { sessionTexts } from './texts';
import { ToSignIn } from './to-sign-in';

export function ConfirmEmailPage() {
  const t = useTexts(sessionTexts);
  const [token] = useState(linkToken);
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: confirmAddress });
  if (!token) {
    return (
      <Door title={t('linkMissing')} hint={t('linkMissingHint')}>
        <ToSignIn />
      </Door>
    );
  }
  if (isSuccess) {
    return (
      <Door title={t('confirmed')} hint={t('confirmedHint')}>
        <ToSignIn />
      </Door>
    );
  }
  return (
    <Door title={t('confirmTitle')}>
      <Stack gap="md">
        <div role="alert">{error && <Alert color="red">{error.message}</Alert>}</div>
        <Button loading={isPending} fullWidth autoFocus onClick={() => mutate(token)}>
          {t('confirmSubmit')}
        </Button>
      </Stack>
    </Door>
  );
}

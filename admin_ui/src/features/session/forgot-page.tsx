/** Asks for a link by mail; says the same whoever is asked about. */
import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { askForReset } from '~/data/account';
import { formText } from '~/ui/form-text';
import { useTexts } from '~/ui/texts';

import { Door } from './door';
import { ToSignIn } from './to-sign-in';
import { sessionTexts } from './texts';

export function ForgotPage() {
  const t = useTexts(sessionTexts);
  const { mutate, isPending, error, data: isMailed } = useMutation({ mutationFn: askForReset });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    mutate(formText(new FormData(event.currentTarget), 'email'));
  }

  if (isMailed !== undefined) {
    return (
      <Door title={t(isMailed ? 'sent' : 'unsent')} hint={t(isMailed ? 'sentHint' : 'unsentHint')}>
        <ToSignIn />
      </Door>
    );
  }
  return (
    <Door title={t('forgotTitle')} hint={t('forgotHint')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('email')}
            name="email"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
          />
          <div role="alert">{error && <Alert color="red">{error.message}</Alert>}</div>
          <Button type="submit" loading={isPending} fullWidth>
            {t('forgotSubmit')}
          </Button>
          <ToSignIn />
        </Stack>
      </form>
    </Door>
  );
}

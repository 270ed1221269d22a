/** A new password by a link; its token stands in the fragment and leaves no trace. */
import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { choosePassword, linkToken } from '~/data/account';
import { asProblem } from '~/data/problem';
import { formText } from '~/ui/form-text';
import { useTexts } from '~/ui/texts';

import { Door } from './door';
import { sessionTexts } from './texts';
import { ToSignIn } from './to-sign-in';

export function ResetPage() {
  const t = useTexts(sessionTexts);
  const [token] = useState(linkToken);
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: choosePassword });
  const problem = error ? asProblem(error) : null;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = formText(new FormData(event.currentTarget), 'password');
    mutate({ token: token ?? '', password });
  }

  if (!token) {
    return (
      <Door title={t('linkMissing')} hint={t('linkMissingHint')}>
        <ToSignIn />
      </Door>
    );
  }
  if (isSuccess) {
    return (
      <Door title={t('chosen')} hint={t('chosenHint')}>
        <ToSignIn />
      </Door>
    );
  }
  return (
    <Door title={t('forgotTitle')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <PasswordInput
            label={t('sentence')}
            description={t('sentenceHint')}
            name="password"
            autoComplete="new-password"
            error={problem?.errors[0]?.message}
            required
            withAsterisk={false}
            autoFocus
          />
          <div role="alert">
            {problem && problem.errors.length === 0 && (
              <Alert color="red">{problem.status === 0 ? t('unreachable') : problem.message}</Alert>
            )}
          </div>
          <Button type="submit" loading={isPending} fullWidth>
            {t('resetSubmit')}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}

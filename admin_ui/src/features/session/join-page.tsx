/** An account by an invitation's link; its address is the one that was invited. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { linkToken } from '~/data/account';
import { asProblem } from '~/data/problem';
import { remember } from '~/data/remember';
import { join, sessionQuery } from '~/data/session';
import { formText } from '~/ui/form-text';
import { useTexts } from '~/ui/texts';

import { Door } from './door';
import { sessionTexts } from './texts';

export function JoinPage() {
  const t = useTexts(sessionTexts);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [token] = useState(linkToken);
  const { mutate, isPending, error } = useMutation({
    mutationFn: join,
    onSuccess: (account) => {
      remember(queryClient, sessionQuery.queryKey, account);
      void navigate({ to: '/', replace: true });
    },
  });
  const problem = error ? asProblem(error) : null;
  const wrong = (field: string) => problem?.errors.find((item) => item.field === field)?.message;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => formText(form, name);
    mutate({ token: token ?? '', name: text('name'), password: text('password') });
  }

  if (!token) return <Door title={t('linkMissing')} hint={t('linkMissingHint')} children={null} />;
  return (
    <Door title={t('joinTitle')} hint={t('joinHint')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t('name')}
            name="name"
            autoComplete="name"
            error={wrong('name')}
            required
            withAsterisk={false}
            autoFocus
          />
          <PasswordInput
            label={t('sentence')}
            description={t('sentenceHint')}
            name="password"
            autoComplete="new-password"
            error={wrong('password')}
            required
            withAsterisk={false}
          />
          <div role="alert">
            {problem && problem.errors.length === 0 && (
              <Alert color="red">{problem.status === 0 ? t('unreachable') : problem.message}</Alert>
            )}
          </div>
          <Button type="submit" loading={isPending} fullWidth>
            {t('joinSubmit')}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}

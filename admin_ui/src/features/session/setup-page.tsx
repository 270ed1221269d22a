/** The first owner, by the one-time link; its token stands in the fragment and leaves the address bar. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { asProblem } from '~/data/problem';
import { remember } from '~/data/remember';
import { sessionQuery, setUp } from '~/data/session';
import { formText } from '~/ui/form-text';
import { useTexts } from '~/ui/texts';

import { Door } from './door';
import { sessionTexts } from './texts';

export function SetupPage() {
  const t = useTexts(sessionTexts);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get('token'));
  const { mutate, isPending, error } = useMutation({
    mutationFn: setUp,
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
    const who = { email: text('email'), name: text('name'), password: text('password') };
    mutate({ token: token ?? '', ...who });
  }

  if (!token) return <Door title={t('setupMissing')} hint={t('setupMissingHint')} children={null} />;
  return (
    <Door title={t('setupTitle')} hint={t('setupHint')}>
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
          <TextInput
            label={t('email')}
            name="email"
            type="email"
            autoComplete="username"
            error={wrong('email')}
            required
            withAsterisk={false}
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
            {t('setupSubmit')}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}

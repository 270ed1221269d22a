/** A new password, with the one that it replaces. */
import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { sessionsQuery, setPassword } from '~/data/account';
import { asProblem } from '~/data/problem';
import { formText } from '~/ui/form-text';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';

import { accountTexts } from './texts';

export function PasswordSection() {
  const t = useTexts(accountTexts);
  const queryClient = useQueryClient();
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: setPassword,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const problem = error ? asProblem(error) : null;
  const wrong = (field: string) => problem?.errors.find((item) => item.field === field)?.message;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const target = event.currentTarget;
    const form = new FormData(target);
    const body = { current_password: formText(form, 'current'), password: formText(form, 'password') };
    mutate(body, { onSuccess: () => target.reset() });
  }

  return (
    <Section title={t('password')}>
      <form onSubmit={submit}>
        <Stack>
          <PasswordInput
            label={t('current')}
            name="current"
            autoComplete="current-password"
            error={wrong('current_password')}
            required
            withAsterisk={false}
          />
          <PasswordInput
            label={t('newOne')}
            description={t('newHint')}
            name="password"
            autoComplete="new-password"
            error={wrong('password')}
            required
            withAsterisk={false}
          />
          <div role="alert">
            {isSuccess && <Alert color="green">{t('changed')}</Alert>}
            {problem && problem.errors.length === 0 && (
              <Alert color="red">{problem.status === 0 ? t('unreachable') : problem.message}</Alert>
            )}
          </div>
          <div>
            <Button type="submit" loading={isPending}>
              {t('passwordSubmit')}
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  );
}

/** E-mail and password; says the same whichever of them is wrong. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { asProblem } from '~/data/problem';
import { signIn } from '~/data/session';
import type { Person } from '~/data/session';
import { formText } from '~/ui/form-text';
import { useTexts } from '~/ui/texts';

import { sessionTexts } from './texts';

interface Props {
  /** Given when the session ran out: the same person signs in again. */
  email?: string;
  onDone: (person: Person) => void;
}

export function PasswordForm({ email, onDone }: Props) {
  const t = useTexts(sessionTexts);
  const { mutate, isPending, error } = useMutation({ mutationFn: signIn, onSuccess: (person) => onDone(person) });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    mutate({ email: formText(form, 'email'), password: formText(form, 'password') });
  }

  function words(): string | null {
    if (!error) return null;
    const problem = asProblem(error);
    if (problem.status === 401 || problem.status === 422) return t('wrong');
    return problem.status === 0 ? t('unreachable') : problem.message;
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t('email')}
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={email}
          readOnly={email !== undefined}
          required
          withAsterisk={false}
          autoFocus={email === undefined}
        />
        <PasswordInput
          label={t('sentence')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
        />
        <div role="alert">{words() && <Alert color="red">{words()}</Alert>}</div>
        <Button type="submit" loading={isPending} fullWidth>
          {t('signIn')}
        </Button>
      </Stack>
    </form>
  );
}

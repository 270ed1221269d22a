/** The second half of signing in; a code that comes too late begins again with the password. */
import { Alert, Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { asProblem } from '~/data/problem';
import { sendCode } from '~/data/session';
import type { Person } from '~/data/session';
import { formText } from '~/ui/form-text';
import { useTexts } from '~/ui/texts';

import { sessionTexts } from './texts';

interface Props {
  onDone: (person: Person) => void;
  onBack: () => void;
}

export function CodeForm({ onDone, onBack }: Props) {
  const t = useTexts(sessionTexts);
  const { mutate, isPending, error } = useMutation({
    mutationFn: sendCode,
    onSuccess: (person) => onDone(person),
    onError: (failure) => {
      if (asProblem(failure).code === 'no_sign_in') onBack();
    },
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    mutate(formText(new FormData(event.currentTarget), 'code'));
  }

  function words(): string | null {
    if (!error) return null;
    const problem = asProblem(error);
    if (problem.status === 401 || problem.status === 422) return t('codeWrong');
    return problem.status === 0 ? t('unreachable') : problem.message;
  }

  return (
    <form onSubmit={submit}>
      <TextInput
        label={t('code')}
        description={t('codeHint')}
        name="code"
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        autoFocus
      />
      <div role="alert">
        {words() && (
          <Alert color="red" mt="md">
            {words()}
          </Alert>
        )}
      </div>
      <Group mt="md" grow>
        <Button variant="default" onClick={onBack}>
          {t('cancel')}
        </Button>
        <Button type="submit" loading={isPending}>
          {t('codeSubmit')}
        </Button>
      </Group>
    </form>
  );
}

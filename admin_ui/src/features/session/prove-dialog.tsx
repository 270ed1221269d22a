/** Over the page: the password again, and the code where there is one, before what is dangerous. */
import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { FormEvent } from 'react';

import { asProblem } from '~/data/problem';
import { proof, settle, typeAgain } from '~/data/proof';
import { Dialog } from '~/ui/dialog';
import { formText } from '~/ui/form-text';
import { useTexts } from '~/ui/texts';

import { sessionTexts } from './texts';

export function ProveDialog() {
  const t = useTexts(sessionTexts);
  const isAsked = useSyncExternalStore(proof.subscribe, proof.get);
  const { mutate, isPending, error, reset } = useMutation({ mutationFn: typeAgain });
  const problem = error ? asProblem(error) : null;
  const needsCode = problem?.code === 'code_required' || problem?.errors[0]?.field === 'code';

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    event.stopPropagation();
    const form = new FormData(event.currentTarget);
    const code = formText(form, 'code');
    mutate({ password: formText(form, 'password'), ...(code && { code }) });
  }

  function close() {
    reset();
    settle(false);
  }

  function words(): string | null {
    if (!problem || problem.code === 'code_required') return null;
    if (problem.status === 422) return t(needsCode ? 'codeWrong' : 'wrongPassword');
    return problem.status === 0 ? t('unreachable') : problem.message;
  }

  return (
    <Dialog
      opened={isAsked}
      onClose={close}
      title={t('proveTitle')}
      size="sm"
      zIndex={400}
      closeButtonProps={{ 'aria-label': t('cancel') }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text c="dimmed">{t('proveHint')}</Text>
          <PasswordInput
            label={t('sentence')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
          />
          {needsCode && (
            <TextInput
              label={t('code')}
              description={t('codeHint')}
              name="code"
              autoComplete="one-time-code"
              required
              withAsterisk={false}
              autoFocus
            />
          )}
          <div role="alert">{words() && <Alert color="red">{words()}</Alert>}</div>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={isPending}>
              {t('proveSubmit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

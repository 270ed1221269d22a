/** The secret for the app, for camera and eye, and the first code that shows it arrived there. */
import { Alert, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';

import { confirmFactor } from '~/data/account';
import type { Enrolment } from '~/data/account';
import { asProblem } from '~/data/problem';
import { formText } from '~/ui/form-text';
import { useTexts } from '~/ui/texts';

import { accountTexts } from './texts';

interface Props {
  enrolment: Enrolment;
  onDone: (codes: string[]) => void;
  onCancel: () => void;
}

export function Enrolling({ enrolment, onDone, onCancel }: Props) {
  const t = useTexts(accountTexts);
  const { mutate, isPending, error } = useMutation({
    mutationFn: confirmFactor,
    onSuccess: (codes) => onDone(codes),
  });
  const problem = error ? asProblem(error) : null;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    mutate(formText(new FormData(event.currentTarget), 'code'));
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t('scan')}</Text>
        {/* As an image: nothing in it can run. */}
        <img
          src={`data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'))}`}
          alt={t('secret')}
          width={220}
          height={220}
        />
        <Code block aria-label={t('secret')} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {enrolment.secret}
        </Code>
        <TextInput
          label={t('code')}
          description={t('codeHint')}
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
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
        <Group>
          <Button variant="default" onClick={onCancel}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isPending}>
            {t('confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

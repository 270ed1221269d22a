/** The second factor, on or off, and the way from one to the other. */
import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { beginFactor, factorQuery, removeFactor } from '~/data/account';
import { sessionQuery } from '~/data/session';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';

import { Enrolling } from './enrolling';
import { accountTexts } from './texts';

export function FactorSection() {
  const t = useTexts(accountTexts);
  const queryClient = useQueryClient();
  const { data: factor } = useQuery(factorQuery);
  const [codes, setCodes] = useState<string[] | null>(null);
  const begun = useMutation({ mutationFn: beginFactor });
  const refresh = () => queryClient.invalidateQueries({ queryKey: factorQuery.queryKey });
  const removal = useMutation({ mutationFn: removeFactor, onSuccess: refresh });
  const error = begun.error ?? removal.error;

  function done(shown: string[]) {
    setCodes(shown);
    begun.reset();
    void refresh();
    void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }

  return (
    <Section title={t('factor')}>
      {factor && (
        <Text>{factor.is_on ? t('factorOn', { n: factor.recovery_codes_left }) : t('factorOff')}</Text>
      )}
      <div role="alert">{error && <Alert color="red">{error.message}</Alert>}</div>
      {codes && (
        <Stack>
          <Text>{t('recovery')}</Text>
          <Code block>{codes.join('\n')}</Code>
          <Button variant="default" onClick={() => setCodes(null)}>
            {t('kept')}
          </Button>
        </Stack>
      )}
      {begun.data && <Enrolling enrolment={begun.data} onDone={done} onCancel={begun.reset} />}
      {factor && !begun.data && !codes && (
        <div>
          {factor.is_on ? (
            <Button variant="default" loading={removal.isPending} onClick={() => removal.mutate()}>
              {t('stop')}
            </Button>
          ) : (
            <Button loading={begun.isPending} onClick={() => begun.mutate()}>
              {t('start')}
            </Button>
          )}
        </div>
      )}
    </Section>
  );
}

/** Whether everybody has to sign in with a second factor. */
import { Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { policyQuery, requireFactor } from '~/data/people';
import { remember } from '~/data/remember';
import { Alarm } from '~/ui/alarm';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';

import { accountsTexts } from './texts';

export function FactorRule() {
  const t = useTexts(accountsTexts);
  const queryClient = useQueryClient();
  const { data, error } = useQuery(policyQuery);
  const rule = useMutation({
    mutationFn: (isRequired: boolean) => requireFactor(data?.revision ?? 0, isRequired),
    onSuccess: (saved) => remember(queryClient, policyQuery.queryKey, saved),
    onError: () => queryClient.invalidateQueries({ queryKey: policyQuery.queryKey }),
  });
  return (
    <Section title={t('factorRule')} hint={t('factorRuleHint')}>
      <Switch
        label={t('factorRequired')}
        checked={data?.second_factor_required ?? false}
        disabled={!data || rule.isPending}
        onChange={(event) => rule.mutate(event.currentTarget.checked)}
      />
      <Alarm error={error ?? rule.error} />
    </Section>
  );
}

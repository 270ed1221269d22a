/** Who is asked in: a form, and the invitations that nobody took yet. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { invitationsQuery, withdraw } from '~/data/people';
import { Alarm } from '~/ui/alarm';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';
import { useMay } from '~/ui/use-may';

import classes from './accounts.module.css';
import { InvitationForm } from './invitation-form';
import { accountsTexts } from './texts';

export function InvitationsSection() {
  const t = useTexts(accountsTexts);
  const { day } = useClock();
  const may = useMay();
  const queryClient = useQueryClient();
  const { data, error } = useQuery(invitationsQuery);
  const withdrawal = useMutation({
    mutationFn: withdraw,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  return (
    <Section title={t('invitations')} hint={t('invitationsHint')}>
      {may('accounts:write') && <InvitationForm />}
      <Alarm error={error ?? withdrawal.error} />
      {data?.length === 0 && <p className={classes.none}>{t('none')}</p>}
      <ul className={classes.list} aria-label={t('invitations')}>
        {data?.map(({ id, email, role, expires_at: expiresAt }) => (
          <li key={id} className={classes.item}>
            <div className={classes.who}>
              <div className={classes.name}>{email}</div>
              <div className={classes.meta}>
                {t(role)} · {t('expires', { when: day(expiresAt) })}
              </div>
            </div>
            {may('accounts:write') && (
              <Button
                size="xs"
                variant="default"
                aria-label={`${t('withdraw')}: ${email}`}
                loading={withdrawal.isPending && withdrawal.variables === id}
                onClick={() => withdrawal.mutate(id)}
              >
                {t('withdraw')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

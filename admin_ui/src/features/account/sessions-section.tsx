/** Every browser that is signed in, and a way to end each. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { endOtherSessions, endSession, sessionsQuery } from '~/data/account';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import classes from './account.module.css';
import { accountTexts } from './texts';
import { nameOf } from './user-agent';

export function SessionsSection() {
  const t = useTexts(accountTexts);
  const { ago } = useClock();
  const queryClient = useQueryClient();
  const { data, error } = useQuery(sessionsQuery);
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const one = useMutation({ mutationFn: endSession, onSuccess });
  const others = useMutation({ mutationFn: endOtherSessions, onSuccess });
  const failure = error ?? one.error ?? others.error;
  return (
    <Section title={t('sessions')}>
      <div role="alert">{failure && <Alert color="red">{failure.message}</Alert>}</div>
      <ul className={classes.sessions} aria-label={t('sessions')}>
        {data?.map((session) => (
          <Group component="li" key={session.id} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text truncate title={session.user_agent}>
                {nameOf(session.user_agent) || session.address}
              </Text>
              <Text size="sm" c="dimmed">
                {session.address} · {t('used', { when: ago(session.last_used_at) })}
                {session.is_current && ` · ${t('here')}`}
              </Text>
            </div>
            {!session.is_current && (
              <Button
                size="xs"
                variant="default"
                aria-label={`${t('end')}: ${nameOf(session.user_agent)} ${session.address}`}
                loading={one.isPending && one.variables === session.id}
                onClick={() => one.mutate(session.id)}
              >
                {t('end')}
              </Button>
            )}
          </Group>
        ))}
      </ul>
      {(data?.length ?? 0) > 1 && (
        <div>
          <Button variant="default" loading={others.isPending} onClick={() => others.mutate()}>
            {t('endOthers')}
          </Button>
        </div>
      )}
    </Section>
  );
}

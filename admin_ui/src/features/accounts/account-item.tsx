/** One person: their role, and what can be done about their account. */
import { ActionIcon, Menu, Select } from '@mantine/core';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { applyToAccount, giveRole, resetLink } from '~/data/people';
import type { AccountRow, AccountVerb } from '~/data/people';
import { ROLES } from '~/data/permissions';
import type { Role } from '~/data/permissions';
import { sessionQuery } from '~/data/session';
import { Alarm } from '~/ui/alarm';
import { Confirm } from '~/ui/confirm';
import { Icon } from '~/ui/icon';
import { SecretOnce } from '~/ui/secret-once';
import { StateBadge } from '~/ui/state-badge';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import classes from './accounts.module.css';
import { accountsTexts } from './texts';

const rank = (role: Role) => ROLES.indexOf(role);

export function AccountItem({ account }: { account: AccountRow }) {
  const t = useTexts(accountsTexts);
  const { day } = useClock();
  const queryClient = useQueryClient();
  const { data: me } = useSuspenseQuery(sessionQuery);
  const [asked, ask] = useState<AccountVerb | null>(null);
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: ['accounts'] });
  const role = useMutation({ mutationFn: (to: Role) => giveRole(account.id, to), onSuccess });
  const link = useMutation({ mutationFn: () => resetLink(account.id) });
  const act = useMutation({
    mutationFn: (verb: AccountVerb) => applyToAccount(verb, account.id),
    onSuccess: async (_, verb) => {
      if (verb === 'transfer') window.location.reload();
      await onSuccess();
    },
  });
  const isMe = me.id === account.id;
  const canManage = !isMe && (me.role === 'owner' || rank(me.role) < rank(account.role));
  const name = account.name || account.email;
  const verbs: AccountVerb[] = [
    account.is_disabled ? 'enable' : 'disable',
    'endSessions',
    ...(me.role === 'owner' ? (['transfer', 'erase'] as const) : []),
  ];
  return (
    <li className={classes.item}>
      <div className={classes.who}>
        <div className={classes.name}>
          {name}
          {isMe && <StateBadge tone="quiet" label={t('here')} />}
          {account.is_disabled && <StateBadge tone="bad" label={t('disabled')} />}
        </div>
        <div className={classes.meta}>
          {account.email} · {account.has_second_factor ? t('factor') : t('noFactor')} ·{' '}
          {t('since', { when: day(account.created_at) })}
        </div>
      </div>
      <Select
        size="xs"
        w={136}
        aria-label={t('roleOf', { name })}
        value={account.role}
        disabled={!canManage || role.isPending}
        allowDeselect={false}
        data={ROLES.filter((one) => rank(one) >= rank(me.role) || one === account.role).map((value) => ({
          value,
          label: t(value),
        }))}
        onChange={(to) => to && role.mutate(to)}
      />
      {canManage && (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('more', { name })}>
              <Icon name="dots" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => link.mutate()}>{t('resetLink')}</Menu.Item>
            {verbs.map((verb) => (
              <Menu.Item
                key={verb}
                {...(verb === 'erase' && { c: 'var(--bad)' })}
                onClick={() => ask(verb)}
              >
                {t(verb)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Alarm error={role.error ?? link.error ?? act.error} />
      {link.data && (
        <SecretOnce
          title={t('resetLink')}
          hint={t('linkHint')}
          secret={link.data.link}
          label={t('link')}
          copy={t('copy')}
          copied={t('copied')}
          done={t('done')}
          onDone={link.reset}
        />
      )}
      {asked && (
        <Confirm
          isOpen
          title={t(asked)}
          text={t(`${asked}Ask`, { name })}
          yes={t(asked)}
          no={t('cancel')}
          isDangerous={asked !== 'enable'}
          onYes={() => {
            act.mutate(asked);
            ask(null);
          }}
          onNo={() => ask(null)}
        />
      )}
    </li>
  );
}

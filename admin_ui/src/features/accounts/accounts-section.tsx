/** Everybody who may sign in. */
import { useQuery } from '@tanstack/react-query';

import { accountsQuery } from '~/data/people';
import { Alarm } from '~/ui/alarm';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';

import { AccountItem } from './account-item';
import classes from './accounts.module.css';
import { accountsTexts } from './texts';

export function AccountsSection() {
  const t = useTexts(accountsTexts);
  const { data, error } = useQuery(accountsQuery);
  return (
    <Section title={t('accounts')}>
      <Alarm error={error} />
      <ul className={classes.list} aria-label={t('accounts')}>
        {data?.map((account) => (
          <AccountItem key={account.id} account={account} />
        ))}
      </ul>
    </Section>
  );
}

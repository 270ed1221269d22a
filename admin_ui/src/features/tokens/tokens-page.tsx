/** What may act in one's name, and a way to end it. */
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { revokeToken, tokensQuery } from '~/data/tokens';
import type { Token } from '~/data/tokens';
import { Alarm } from '~/ui/alarm';
import { Confirm } from '~/ui/confirm';
import { EmptyState } from '~/ui/empty-state';
import { Icon } from '~/ui/icon';
import { Page } from '~/ui/page';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import { NewToken } from './new-token';
import { tokenTexts } from './texts';
import classes from './tokens-page.module.css';

export function TokensPage() {
  const t = useTexts(tokenTexts);
  const { ago, day } = useClock();
  const queryClient = useQueryClient();
  const { data, error } = useQuery(tokensQuery);
  const [isNew, fresh] = useDisclosure();
  const [now] = useState(() => Date.now());
  const [asked, ask] = useState<Token | null>(null);
  const revocation = useMutation({
    mutationFn: revokeToken,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return (
    <Page
      title={t('title')}
      actions={
        <Button leftSection={<Icon name="plus" size={16} />} onClick={fresh.open}>
          {t('new')}
        </Button>
      }
    >
      {error && <EmptyState title={t('couldNotLoad')} hint={error.message} />}
      <Alarm error={revocation.error} />
      {data?.length === 0 && <EmptyState title={t('empty')} hint={t('emptyHint')} />}
      <ul className={classes.list}>
        {data?.map((token) => (
          <li key={token.id} className={classes.row}>
            <div>
              <div className={classes.name}>{token.name}</div>
              <div className={classes.meta}>
                <span>
                  {t(Date.parse(token.expires_at) < now ? 'expired' : 'expires', {
                    when: day(token.expires_at),
                  })}
                </span>
                <span>
                  {token.last_used_at
                    ? t('used', { when: ago(token.last_used_at) })
                    : t('never')}
                </span>
              </div>
              <ul className={classes.scopes}>
                {token.scopes.map((scope) => (
                  <li key={scope}>{scope}</li>
                ))}
              </ul>
            </div>
            <Button
              size="xs"
              flex="none"
              variant="default"
              aria-label={`${t('revoke')}: ${token.name}`}
              onClick={() => ask(token)}
            >
              {t('revoke')}
            </Button>
          </li>
        ))}
      </ul>
      {isNew && <NewToken onClose={fresh.close} />}
      <Confirm
        isOpen={asked !== null}
        title={t('revoke')}
        text={t('revokeAsk', { name: asked?.name ?? '' })}
        yes={t('revoke')}
        no={t('cancel')}
        isDangerous
        onYes={() => {
          if (asked) revocation.mutate(asked.id);
          ask(null);
        }}
        onNo={() => ask(null)}
      />
    </Page>
  );
}

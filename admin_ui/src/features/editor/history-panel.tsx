/** Every version with who and when; one opens what it changed, and can be brought back. */
import { Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { revisionsQuery } from '~/data/article-past';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import type { ArticleSession, State } from './article-session';
import { historyTexts } from './history-texts';
import { RevisionDialog } from './revision-dialog';
import classes from './side-panel.module.css';

export function HistoryPanel({ session, state }: { session: ArticleSession; state: State }) {
  const t = useTexts(historyTexts);
  const { ago } = useClock();
  const { article } = state;
  const [shown, setShown] = useState<number | null>(null);
  const wanted = revisionsQuery(article?.id ?? '', article?.revision ?? 0);
  const { data: revisions = [], error } = useQuery({ ...wanted, enabled: article !== null });
  const label = (verb: string) => t(verb in historyTexts.en ? (verb as 'other') : 'other');
  if (error) return <Text c="var(--bad)">{error.message}</Text>;
  if (!article || revisions.length === 0) return <Text c="dimmed">{t('none')}</Text>;
  return (
    <>
      <ul className={classes.list}>
        {revisions.map(({ number, at, by, verb }, index) => (
          <li key={number}>
            <UnstyledButton className={classes.row} onClick={() => setShown(number)}>
              <span className={classes.words}>
                <span>
                  {ago(at)}
                  {index === 0 && ` · ${t('current')}`}
                </span>
                <span className={classes.about}>
                  {label(verb)} · {by.name}
                </span>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {shown !== null && (
        <RevisionDialog
          articleId={article.id}
          revisions={revisions}
          number={shown}
          isRestorable={article.status !== 'trashed'}
          onRestore={async (number) => {
            if (await session.apply('bringBack', { number })) setShown(null);
          }}
          onClose={() => setShown(null)}
        />
      )}
    </>
  );
}

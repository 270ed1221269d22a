/** What was thrown away, of every kind: bring it back, or remove it for good. */
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { trashQuery } from '~/data/trash';
import { Alarm } from '~/ui/alarm';
import { EmptyState } from '~/ui/empty-state';
import { Page } from '~/ui/page';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';

import { trashTexts } from './texts';
import { TrashRow } from './trash-row';
import classes from './trash.module.css';

const KINDS = ['articles', 'pages', 'projects'] as const;

export function TrashPage() {
  const t = useTexts(trashTexts);
  const found = useQueries({ queries: KINDS.map((kind) => trashQuery(kind)) });
  const isEmpty = found.every(({ data }) => data?.items.length === 0);
  return (
    <Page title={t('title')}>
      <Alarm error={found.find(({ error }) => error)?.error} />
      {isEmpty && <EmptyState title={t('empty')} hint={t('emptyHint')} />}
      {KINDS.map((kind, index) => {
        const { items, isMore } = found[index]?.data ?? { items: [], isMore: false };
        return (
          items.length > 0 && (
            <Section key={kind} title={t(kind)}>
              <ul className={classes.list} aria-label={t(kind)}>
                {items.map((item) => (
                  <TrashRow key={item.id} item={item} />
                ))}
              </ul>
              {isMore && (
                <Link to={`/${kind}`} search={{ status: 'trashed' }} className={classes.more}>
                  {t('more')}
                </Link>
              )}
            </Section>
          )
        );
      })}
    </Page>
  );
}

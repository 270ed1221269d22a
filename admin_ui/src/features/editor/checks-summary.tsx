/** What the checks found, in a few words, before somebody publishes. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { checksQuery } from '~/data/article-past';
import { useTexts } from '~/ui/texts';

import type { State } from './article-session';
import { checkTexts } from './check-texts';
import classes from './side-panel.module.css';

const MOST = 5;

export function ChecksSummary({ state }: { state: State }) {
  const t = useTexts(checkTexts);
  const { article } = state;
  const wanted = checksQuery(article?.id ?? '', article?.revision ?? 0);
  const { data } = useQuery({ ...wanted, enabled: article !== null });
  if (!data || data.findings.length === 0) return null;
  const codes = [...new Set(data.findings.map(({ code }) => code))].slice(0, MOST);
  return (
    <section aria-label={data.can_publish ? t('warning') : t('error')}>
      <Text size="sm" fw={600} {...(!data.can_publish && { c: 'var(--bad)' })}>
        {data.can_publish ? t('warning') : t('error')}
      </Text>
      {codes.map((code) => (
        <span key={code} className={classes.about}>
          {t(code in checkTexts.en ? (code as 'other') : 'other')}
          <br />
        </span>
      ))}
    </section>
  );
}

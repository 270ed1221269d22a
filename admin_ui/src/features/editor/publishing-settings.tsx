/** When readers see it, what is planned, and calling that off. */
import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { siteQuery } from '~/data/site';
import { MomentField } from '~/ui/moment-field';
import { momentTexts } from '~/ui/moment-texts';
import { useLang, useTexts } from '~/ui/texts';
import { dayAndTime, momentOf } from '~/ui/time';
import { useHasPassed } from '~/ui/use-has-passed';

import type { ArticleSession, State } from './article-session';
import { plansOf } from './plans';
import { settingTexts } from './setting-texts';

export function PublishingSettings({ session, state }: { session: ArticleSession; state: State }) {
  const t = useTexts(settingTexts);
  const m = useTexts(momentTexts);
  const { lang } = useLang();
  const { data: site } = useQuery(siteQuery);
  const zone = site?.time_zone ?? 'UTC';
  const [wall, setWall] = useState('');
  const end = momentOf(wall, zone);
  const isPast = useHasPassed(end);
  const { article } = state;
  if (!article || article.status === 'trashed') return null;
  const when = (moment: string) => dayAndTime(moment, lang, zone);
  const plans = plansOf(article);
  return (
    <section aria-label={t('publishing')}>
      {plans.map(({ key, moment, what }) => (
        <Group key={key} justify="space-between" wrap="nowrap" mb={6}>
          <Text size="sm">{t(key, { when: when(moment) })}</Text>
          {what && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-label={`${t('callOff')}: ${t(key, { when: when(moment) })}`}
              onClick={() => void session.apply('callOff', { what })}
            >
              {t('callOff')}
            </Button>
          )}
        </Group>
      ))}
      {plans.length === 0 && <Text size="sm">{t('hidden')}</Text>}
      <Text size="sm" c="dimmed">
        {t('zone', { zone })}
      </Text>
      {article.live && !article.unpublish_at && article.status !== 'unpublished' && (
        <Group align="flex-end" mt="sm" wrap="nowrap">
          <MomentField
            flex={1}
            label={t('end')}
            description={t('endHint')}
            value={wall}
            onChange={setWall}
          />
          <Button
            variant="default"
            aria-label={isPast ? undefined : t('endSet')}
            disabled={!end}
            onClick={() => {
              setWall('');
              void session.apply('unpublish', { at: end?.toISOString() ?? null });
            }}
          >
            {isPast ? m('unpublishNow') : 'OK'}
          </Button>
        </Group>
      )}
      <div role="status">
        {isPast && (
          <Text size="sm" mt={6}>
            {m('goneEnd')}
          </Text>
        )}
      </div>
    </section>
  );
}

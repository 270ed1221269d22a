/** What needs the person who is signed in today: what failed, what comes, what was begun. */
import { Button } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { articlesQuery } from '~/data/articles';
import { gistOf, newMessagesQuery } from '~/data/contact';
import { sessionQuery } from '~/data/session';
import { siteQuery } from '~/data/site';
import { Alarm } from '~/ui/alarm';
import { Icon } from '~/ui/icon';
import { Page } from '~/ui/page';
import { useLang, useTexts } from '~/ui/texts';
import { dayAndTime } from '~/ui/time';
import { useClock } from '~/ui/use-clock';
import { useMay } from '~/ui/use-may';

import { HomeList } from './home-list';
import classes from './home-page.module.css';
import { homeTexts } from './texts';
import { useNeeds } from './use-needs';

function greetingOf(hour: number): 'morning' | 'day' | 'evening' {
  if (hour < 11) return 'morning';
  return hour < 18 ? 'day' : 'evening';
}

export function HomePage() {
  const t = useTexts(homeTexts);
  const { lang } = useLang();
  const { ago } = useClock();
  const { data: person } = useSuspenseQuery(sessionQuery);
  const { data: site } = useQuery(siteQuery);
  const [hour] = useState(() => new Date().getHours());
  const drafts = useQuery(articlesQuery({ status: 'draft' }));
  const coming = useQuery(articlesQuery({ status: 'scheduled' }));
  const letters = useQuery({ ...newMessagesQuery, enabled: useMay()('contact:read') });
  const needs = useNeeds();
  const zone = site?.time_zone ?? 'UTC';
  const scheduled = [...(coming.data?.items ?? [])].sort((one, other) =>
    (one.publish_at ?? '').localeCompare(other.publish_at ?? ''),
  );
  const begun = drafts.data?.items.slice(0, 6) ?? [];
  const unread = letters.data?.items ?? [];
  const isCalm =
    drafts.data &&
    coming.data &&
    !letters.isLoading &&
    [begun, scheduled, unread, needs].every((waiting) => waiting.length === 0);
  return (
    <Page
      title={t(greetingOf(hour), { name: person.name.split(' ')[0] ?? '' })}
      actions={
        <Button
          component={Link}
          to="/articles/new"
          leftSection={<Icon name="plus" size={16} />}
        >
          {t('new')}
        </Button>
      }
    >
      <Alarm error={drafts.error ?? coming.error} />
      {needs.length > 0 && (
        <section className={classes.needs} aria-label={t('needs')}>
          <h2 className={classes.heading}>{t('needs')}</h2>
          <ul>
            {needs.map(({ key, words, to }) => (
              <li key={key}>
                <Icon name="warning" size={16} />
                <Link to={to}>{words}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isCalm && (
        <div className={classes.calm}>
          <p>{t('calm')}</p>
          <p>{t('calmHint')}</p>
        </div>
      )}
      <HomeList
        title={t('messages', { n: letters.data?.page.total ?? unread.length })}
        path="/messages/$id"
        items={unread.map((message) => ({
          id: message.id,
          title: message.name,
          meta: `${gistOf(message)} · ${ago(message.received_at)}`,
        }))}
      />
      <HomeList
        title={t('scheduled')}
        path="/articles/$articleId"
        items={scheduled.map(({ id, title, publish_at: at }) => ({
          id,
          title: title || t('untitled'),
          meta: at ? t('scheduledFor', { when: dayAndTime(at, lang, zone) }) : '',
        }))}
      />
      <HomeList
        title={t('drafts')}
        path="/articles/$articleId"
        items={begun.map(({ id, title, updated_at: at, word_count: n }) => ({
          id,
          title: title || t('untitled'),
          meta: `${t('updated', { when: ago(at) })} · ${t('words', { n })}`,
        }))}
      />
      <Link to="/articles" className={classes.all}>
        {t('allArticles')}
      </Link>
    </Page>
  );
}

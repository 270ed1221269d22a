/** One message: who wrote it, from where and when, and what it says, as plain text. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { messageQuery } from '~/data/contact';
import type { ContactMessage } from '~/data/contact';
import { siteQuery } from '~/data/site';
import { Alarm } from '~/ui/alarm';
import { BackLink } from '~/ui/back-link';
import { EmptyState } from '~/ui/empty-state';
import { Page } from '~/ui/page';
import { recordTexts } from '~/ui/record-texts';
import { StateBadge } from '~/ui/state-badge';
import { useLang, useTexts } from '~/ui/texts';
import { dayAndTime } from '~/ui/time';

import { MessageActions } from './message-actions';
import classes from './message-page.module.css';
import { contactTexts } from './texts';
import { useMessageVerbs } from './use-message-verbs';

export function MessagePage() {
  const t = useTexts(recordTexts);
  const { id = '' } = useParams({ strict: false });
  const { data, error } = useQuery(messageQuery(id));
  if (error && !data) return <EmptyState isPage title={t('couldNotLoad')} hint={error.message} />;
  return data ? <Letter key={id} message={data} /> : null;
}

/** An address may hold `?` and `&`: none of it may become another field of the mail. */
function mailto(email: string, subject: string): string {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)].map(encodeURIComponent);
  return `mailto:${local}@${domain}${subject && `?subject=${encodeURIComponent(`Re: ${subject}`)}`}`;
}

function Letter({ message }: { message: ContactMessage }) {
  const t = useTexts(contactTexts);
  const { lang } = useLang();
  const { data: site } = useQuery(siteQuery);
  const verbs = useMessageVerbs(message);
  const { name, email, page, is_spam: isSpam, caught_by: trap } = message;
  const subject = message.subject?.trim() ?? '';
  const written = { lang: message.lang ?? undefined, dir: 'auto', translate: 'no' } as const;
  const facts = [
    [t('name'), <span key="name" dir="auto">{name}</span>],
    [t('address'), <a key="address" href={mailto(email, '')}>{email}</a>],
    // Not a link: whoever wrote the message chose it.
    [t('page'), page],
    [t('when'), dayAndTime(message.received_at, lang, site?.time_zone ?? 'UTC')],
    [t('caught'), isSpam && trap && t(trap)],
  ] as const;
  return (
    <Page
      title={subject || t('from', { name })}
      before={<BackLink to="/messages" label={t('all')} />}
      actions={verbs.canWrite && <MessageActions message={message} verbs={verbs} />}
    >
      <Alarm error={verbs.error} />
      {(isSpam || !message.is_read) && (
        <div className={classes.marks}>
          {isSpam && <StateBadge tone="bad" label={t('isSpam')} />}
          {!message.is_read && <StateBadge tone="wait" label={t('new')} />}
        </div>
      )}
      <dl className={classes.facts}>
        {facts
          .filter(([, fact]) => fact)
          .map(([word, fact]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
      </dl>
      <section className={classes.text} aria-label={t('text')} {...written}>
        {message.message}
      </section>
      <Button component="a" variant="default" href={mailto(email, subject)}>
        {t('reply')}
      </Button>
    </Page>
  );
}

import { useEffect, useState, type FormEvent } from 'react';

import { site } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { openForm, send, type Outcome } from '~/lib/contact';
import { textsOf } from '~/lib/forms';
import { fresh } from '~/lib/fresh';
import { breadcrumbs, emptyHead, headOf } from '~/lib/head';
import { langOf, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import { Field } from '~/ui/field';
import type { Route } from './+types/contact';
import { TEXTS as OWN } from './contact.texts';

async function load({ request }: { request: Request }) {
  const settings = await site();
  return chromeOf(settings, langOf(new URL(request.url).pathname, settings), '/contact');
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang } = loaderData;
  const path = prefixed('/contact', lang, settings);
  return headOf(loaderData, {
    title: TEXTS[lang].contact,
    description: OWN[lang].contactIntro,
    path,
    jsonLd: breadcrumbs(loaderData, [TEXTS[lang].contact, path]),
  });
}

export default function Contact({ loaderData }: Route.ComponentProps) {
  const { site: settings, lang } = loaderData;
  const texts = { ...TEXTS[lang], ...OWN[lang] };
  const [outcome, setOutcome] = useState<Outcome | { is: 'sending' } | null>(null);
  const refused = outcome?.is === 'refused' ? outcome.fields : {};
  const mail = settings.social_links.find(({ url }) => url.startsWith('mailto:'));

  // A message that comes too soon after this looks like a program's.
  useEffect(() => void openForm().catch(() => undefined), []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = textsOf(event.currentTarget);
    setOutcome({ is: 'sending' });
    const message = {
      name: text('name'),
      email: text('email'),
      subject: text('subject') || null,
      message: text('message'),
      website: text('website'),
      lang,
      page: window.location.pathname,
    };
    setOutcome(await send(message).catch(() => ({ is: 'failed' as const })));
  }

  return (
    <div className="column wide">
      <header className="title-block">
        <h1>{texts.contact}</h1>
        <p className="lead">{texts.contactIntro}</p>
        {mail && <a href={mail.url}>{mail.label || mail.url.slice('mailto:'.length)}</a>}
      </header>
      <noscript>
        <p className="quiet">{texts.needsScript}</p>
      </noscript>
      {outcome?.is === 'sent' ? (
        <p className="draft-note" role="status">
          {texts.sent}
        </p>
      ) : (
        <form className="contact" onSubmit={(event) => void submit(event)}>
          <Field name="name" label={texts.yourName} error={refused.name} autoComplete="name" maxLength={120} required />
          <Field name="email" label={texts.yourEmail} error={refused.email} type="email" autoComplete="email" required />
          <Field name="subject" label={texts.subject} error={refused.subject} maxLength={300} />
          <Field name="message" label={texts.message} error={refused.message} maxLength={10_000} rows={8} required />
          <div className="honeypot" aria-hidden="true">
            <label>
              {texts.leaveEmpty}
              <input name="website" tabIndex={-1} autoComplete="off" />
            </label>
          </div>
          <button className="button" type="submit" disabled={outcome?.is === 'sending'}>
            {outcome?.is === 'sending' ? texts.sending : texts.send}
          </button>
          <p className="form-error" role="alert">
            {outcome?.is === 'too_many' && texts.tooMany}
            {(outcome?.is === 'failed' || outcome?.is === 'refused') && texts.notSent}
          </p>
        </form>
      )}
    </div>
  );
}

/** Asks somebody in; the link is mailed, or shown once to be passed on. */
import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { invitationsQuery, invite } from '~/data/people';
import { ROLES } from '~/data/permissions';
import type { Role } from '~/data/permissions';
import { asProblem } from '~/data/problem';
import { sessionQuery } from '~/data/session';
import { Alarm } from '~/ui/alarm';
import { SecretOnce } from '~/ui/secret-once';
import { useLang, useTexts } from '~/ui/texts';

import classes from './accounts.module.css';
import { accountsTexts } from './texts';

import '~/ui/mantine-forms.css';

export function InvitationForm() {
  const t = useTexts(accountsTexts);
  const { lang } = useLang();
  const queryClient = useQueryClient();
  const { data: me } = useSuspenseQuery(sessionQuery);
  const [email, write] = useState('');
  const [role, choose] = useState<Role>('author');
  const [isMailed, mail] = useState(false);
  const invitation = useMutation({
    mutationFn: (to: string) => invite({ email: to, role, tongue: lang, by_mail: isMailed }),
    onSuccess: async (_, to) => {
      write((now) => (now === to ? '' : now)); // the next one may be typed already
      await queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    invitation.mutate(email);
  }
  const problem = invitation.error ? asProblem(invitation.error) : null;
  const wrong = problem?.errors.find(({ field }) => field === 'email')?.message;
  return (
    <form onSubmit={submit}>
      <div className={classes.form}>
        <TextInput
          type="email"
          label={t('email')}
          value={email}
          error={wrong}
          required
          withAsterisk={false}
          onChange={(event) => write(event.currentTarget.value)}
        />
        <Select
          w={150}
          label={t('role')}
          value={role}
          allowDeselect={false}
          data={ROLES.slice(ROLES.indexOf(me.role)).map((value) => ({ value, label: t(value) }))}
          onChange={(next) => next && choose(next)}
        />
        <Button type="submit" loading={invitation.isPending}>
          {t('invite')}
        </Button>
      </div>
      <Checkbox
        mt="sm"
        label={t('byMail')}
        checked={isMailed}
        onChange={(event) => mail(event.currentTarget.checked)}
      />
      <Alarm error={wrong ? null : invitation.error} />
      <div role="status">
        {invitation.data?.link === null && (
          <p className={classes.none}>{t('sent', { email: invitation.data.email })}</p>
        )}
      </div>
      {invitation.data?.link && (
        <SecretOnce
          title={t('link')}
          hint={t('linkHint')}
          secret={invitation.data.link}
          label={t('link')}
          copy={t('copy')}
          copied={t('copied')}
          done={t('done')}
          onDone={invitation.reset}
        />
      )}
    </form>
  );
}

/** One's own account: the second factor, the password, where one is signed in. */
import { Alert } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';

import { sessionQuery } from '~/data/session';
import { Page } from '~/ui/page';
import { useTexts } from '~/ui/texts';

import { FactorSection } from './factor-section';
import { PasswordSection } from './password-section';
import { SessionsSection } from './sessions-section';
import { accountTexts } from './texts';

export function AccountPage() {
  const t = useTexts(accountTexts);
  const { data: person } = useSuspenseQuery(sessionQuery);
  const isHeld = person.lacks === 'enrolment';
  return (
    <Page title={t('title')}>
      {isHeld && <Alert color="yellow">{t('factorAsked')}</Alert>}
      <FactorSection />
      {!isHeld && <PasswordSection />}
      {!isHeld && <SessionsSection />}
    </Page>
  );
}

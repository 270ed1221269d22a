import { Anchor } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';

import { remember } from '~/data/remember';
import { sessionQuery } from '~/data/session';
import { useTexts } from '~/ui/texts';

import { Door } from './door';
import { SignInForm } from './sign-in-form';
import { sessionTexts } from './texts';

export function SignInPage() {
  const t = useTexts(sessionTexts);
  const queryClient = useQueryClient();
  const router = useRouter();
  const { to } = useSearch({ from: '/sign-in' });
  return (
    <Door title={t('signInTitle')}>
      <SignInForm
        onDone={(account) => {
          remember(queryClient, sessionQuery.queryKey, account);
          router.history.push(`/admin${to ?? '/'}`.replace(/^\/admin\/admin\//, '/admin/'));
        }}
      />
      <Anchor component={Link} to="/forgot-password" underline="always">
        {t('forgot')}
      </Anchor>
    </Door>
  );
}

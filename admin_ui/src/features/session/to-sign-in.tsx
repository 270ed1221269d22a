import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { useTexts } from '~/ui/texts';

import { sessionTexts } from './texts';

export function ToSignIn() {
  const t = useTexts(sessionTexts);
  return (
    <Anchor component={Link} to="/sign-in" underline="always">
      {t('signIn')}
    </Anchor>
  );
}

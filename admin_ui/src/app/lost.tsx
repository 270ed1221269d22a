import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { EmptyState } from '~/ui/empty-state';
import { useTexts } from '~/ui/texts';

import { appTexts } from './texts';

export function Lost() {
  const t = useTexts(appTexts);
  return (
    <main>
      <EmptyState title={t('lost')} isPage>
        <Button component={Link} to="/" variant="default">
          {t('home')}
        </Button>
      </EmptyState>
    </main>
  );
}

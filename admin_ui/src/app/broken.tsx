import { Button } from '@mantine/core';

import { asProblem } from '~/data/problem';
import { EmptyState } from '~/ui/empty-state';
import { useTexts } from '~/ui/texts';

import { appTexts } from './texts';

export function Broken({ error }: { error: unknown }) {
  const t = useTexts(appTexts);
  return (
    <main>
      <EmptyState isPage title={t('broken')} hint={`${t('brokenHint')} (${asProblem(error).message})`}>
        <Button variant="default" onClick={() => window.location.reload()}>
          {t('reload')}
        </Button>
      </EmptyState>
    </main>
  );
}

/** Nobody leaves with undelivered text without knowing: it tries to deliver first, then asks. */
import { Button, Group, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';

import type { ArticleSession } from './article-session';
import { editorTexts } from './texts';

export function LeaveGuard({ session }: { session: ArticleSession }) {
  const t = useTexts(editorTexts);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname || session.isClean) return false;
      return !(await session.flush());
    },
    enableBeforeUnload: () => !session.isClean,
    withResolver: true,
  });
  const isAsking = status === 'blocked';
  return (
    <Dialog
      opened={isAsking}
      onClose={() => reset?.()}
      title={t('leaveTitle')}
      closeButtonProps={{ 'aria-label': t('stay') }}
    >
      <Text>{t('leaveAsk')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => proceed?.()}>
          {t('leave')}
        </Button>
        <Button onClick={() => reset?.()} data-autofocus>
          {t('stay')}
        </Button>
      </Group>
    </Dialog>
  );
}

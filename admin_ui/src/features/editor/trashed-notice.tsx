/** Above a text that lies in the trash: nothing can be typed, two things can be done. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { removeArticle } from '~/data/articles';
import { Confirm } from '~/ui/confirm';
import { useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import { editorTexts } from './texts';

export function TrashedNotice({ session, state }: { session: ArticleSession; state: State }) {
  const t = useTexts(editorTexts);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [isAsked, ask] = useDisclosure();
  const { article } = state;
  const purge = useMutation({
    mutationFn: () => removeArticle(article?.id ?? '', article?.revision ?? 0),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['articles'] });
      await navigate({ to: '/articles', search: { status: 'trashed' } });
    },
  });
  return (
    <Alert mb="xl" color="gray">
      <Text>{t('trashed')}</Text>
      {purge.error && <Text c="red">{purge.error.message}</Text>}
      <Group mt="sm">
        <Button size="xs" onClick={() => void session.apply('restore')}>
          {t('restore')}
        </Button>
        <Button size="xs" variant="light" color="red" onClick={ask.open} loading={purge.isPending}>
          {t('purge')}
        </Button>
      </Group>
      <Confirm
        isOpen={isAsked}
        title={t('purge')}
        text={t('purgeAsk')}
        yes={t('purge')}
        no={t('cancel')}
        isDangerous
        onYes={() => {
          ask.close();
          purge.mutate();
        }}
        onNo={ask.close}
      />
    </Alert>
  );
}

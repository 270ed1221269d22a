/** What comes next for this article: publish it, publish its changes, or nothing. */
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';

import { useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import { PublishDialog } from './publish-dialog';
import { editorTexts } from './texts';

export function PublishButton({ session, state }: { session: ArticleSession; state: State }) {
  const t = useTexts(editorTexts);
  const [isOpen, { open, close }] = useDisclosure();
  const { article, phase } = state;
  const isLive = article?.status === 'published';
  const isEven = isLive && !article.has_unpublished_changes && phase === 'saved';
  const isStuck = phase === 'conflict' || phase === 'untitled' || (!article && phase === 'saved');
  return (
    <>
      <Button
        size="sm"
        ml={6}
        disabled={isEven || isStuck}
        onClick={() => (isLive ? void session.apply('publish') : open())}
      >
        {isEven ? t('publishedNow') : isLive ? t('publishChanges') : t('publish')}
      </Button>
      {isOpen && <PublishDialog session={session} state={state} onClose={close} />}
    </>
  );
}

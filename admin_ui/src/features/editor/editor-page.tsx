/** Opens the article named by the address; `new` is one that the server has not heard of yet. */
import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';

import { EmptyState } from '~/ui/empty-state';
import { useTexts } from '~/ui/texts';
import { Waiting } from '~/ui/waiting';

import { editorTexts } from './texts';
import { useArticleSession } from './use-article-session';
import { WritingDesk } from './writing-desk';

export function EditorPage() {
  const t = useTexts(editorTexts);
  const { articleId } = useParams({ from: '/inside/articles/$articleId' });
  const { session, problem, retry } = useArticleSession(articleId);
  return (
    <>
      {session && <WritingDesk session={session} />}
      {problem && (
        <main>
          <EmptyState isPage title={t('loadFailed')} hint={problem.message}>
            <Button onClick={retry}>{t('tryAgain')}</Button>
            <Button component={Link} to="/articles" variant="default">
              {t('back')}
            </Button>
          </EmptyState>
        </main>
      )}
      {!session && !problem && (
        <main>
          <Waiting />
        </main>
      )}
    </>
  );
}

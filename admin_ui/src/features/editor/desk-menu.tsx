/** What is done rarely: unpublish, discard, set aside, throw away. */
import { ActionIcon, Kbd, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { ArticleVerb } from '~/data/articles';
import { siteQuery } from '~/data/site';
import { Confirm } from '~/ui/confirm';
import { Icon } from '~/ui/icon';
import { MenuDropdown } from '~/ui/menu-dropdown';
import { useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import { KeptVersions } from './kept-versions';
import { publicAddress } from './public-address';
import { PublishDialog } from './publish-dialog';
import { editorTexts } from './texts';

/** A picture that other hosts serve, or that a paste left at its old place. */
const OUTSIDE = /!\[[^\]]*\]\(<?https?:\/\/(?![^)\s]*\/media\/[0-9a-f]{24})/;

interface Props {
  session: ArticleSession;
  state: State;
  isFocused: boolean;
  onFocus: () => void;
}

export function DeskMenu({ session, state, isFocused, onFocus }: Props) {
  const t = useTexts(editorTexts);
  const { data: site } = useQuery(siteQuery);
  const [asked, ask] = useState<'unpublish' | 'discard' | null>(null);
  const [isKept, kept] = useDisclosure();
  const [isLater, later] = useDisclosure();
  const { article } = state;
  const apply = (verb: ArticleVerb) => void session.apply(verb);
  const status = article?.status ?? 'draft';
  const canSchedule = status === 'published' && (article?.has_unpublished_changes ?? false);
  const hasOutside = article !== null && status !== 'trashed' && OUTSIDE.test(state.fields.markdown);
  const isOut = status === 'published' || status === 'scheduled';
  return (
    <>
      <Menu position="bottom-end" width={264} shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('actions')}>
            <Icon name="dots" />
          </ActionIcon>
        </Menu.Target>
        <MenuDropdown>
          {status === 'published' && site && article?.live && (
            <Menu.Item
              component="a"
              href={publicAddress(site, article.live)}
              target="_blank"
              rel="noreferrer"
              leftSection={<Icon name="external" />}
            >
              {t('view')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<Icon name={isFocused ? 'check' : 'eye'} />}
            rightSection={<Kbd size="xs">Ctrl ⇧ F</Kbd>}
            onClick={onFocus}
          >
            {t('focusMode')}
          </Menu.Item>
          {article && (
            <Menu.Item leftSection={<Icon name="copy" />} onClick={kept.open}>
              {t('keptTitle')}
            </Menu.Item>
          )}
          {hasOutside && (
            <Menu.Item leftSection={<Icon name="down" />} onClick={() => apply('pullImages')}>
              {t('pullImages')}
            </Menu.Item>
          )}
          {canSchedule && (
            <Menu.Item leftSection={<Icon name="up" />} onClick={later.open}>
              {t('scheduleChanges')}
            </Menu.Item>
          )}
          {article?.live && article.has_unpublished_changes && (
            <Menu.Item leftSection={<Icon name="restore" />} onClick={() => ask('discard')}>
              {t('discard')}
            </Menu.Item>
          )}
          {isOut && (
            <Menu.Item leftSection={<Icon name="cloudOff" />} onClick={() => ask('unpublish')}>
              {status === 'scheduled' ? t('unschedule') : t('unpublish')}
            </Menu.Item>
          )}
          {article && <Menu.Divider />}
          {!article ? null : status === 'trashed' ? (
            <Menu.Item leftSection={<Icon name="restore" />} onClick={() => apply('restore')}>
              {t('restore')}
            </Menu.Item>
          ) : (
            <Menu.Item c="var(--bad)" leftSection={<Icon name="trash" />} onClick={() => apply('trash')}>
              {t('trash')}
            </Menu.Item>
          )}
        </MenuDropdown>
      </Menu>
      <Confirm
        isOpen={asked !== null}
        title={asked === 'discard' ? t('discard') : t('unpublish')}
        text={asked === 'discard' ? t('discardAsk') : t('unpublishAsk')}
        yes={asked === 'discard' ? t('discard') : t('unpublish')}
        no={t('cancel')}
        onYes={() => {
          if (asked) apply(asked);
          ask(null);
        }}
        onNo={() => ask(null)}
      />
      {article && <KeptVersions articleId={article.id} isOpen={isKept} onClose={kept.close} />}
      {isLater && (
        <PublishDialog isLater session={session} state={state} onClose={later.close} />
      )}
    </>
  );
}

/** The narrow bar above the text: the way back, where the text stands, what can be done with it. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, useMemo } from 'react';

import { Icon } from '~/ui/icon';
import { lastSearch } from '~/ui/list-memory';
import { StatusBadge } from '~/ui/status-badge';
import { useLang, useTexts } from '~/ui/texts';
import { useLanguages } from '~/ui/use-languages';

import type { ArticleSession, State } from './article-session';
import { DeskMenu } from './desk-menu';
import classes from './desk-bar.module.css';
import { countWords } from './fields';
import { PublishButton } from './publish-button';
import { SaveState } from './save-state';
import { statusTexts } from './status-texts';
import { editorTexts } from './texts';

interface Props {
  session: ArticleSession;
  /** Its text may be a moment behind. */
  state: State;
  isPreview: boolean;
  isSettings: boolean;
  isFocused: boolean;
  onPreview: () => void;
  onSettings: () => void;
  onFocus: () => void;
  onCompare: () => void;
}

/** Drawn again when something of it changes, and not for each letter. */
export const DeskBar = memo(function DeskBar(props: Props) {
  const { session, state, isPreview, isSettings, isFocused } = props;
  const { onPreview, onSettings, onFocus, onCompare } = props;
  const t = useTexts(editorTexts);
  const st = useTexts(statusTexts);
  const { lang } = useLang();
  const { markdown } = state.fields;
  const words = useMemo(() => countWords(markdown), [markdown]);
  const languages = useLanguages();
  const language = languages.length > 1 && languages.find(({ value }) => value === state.fields.lang);
  const status = state.article?.status ?? 'draft';
  return (
    <section className={classes.bar} aria-label={t('tools')}>
      <div className={classes.side}>
        <Tooltip label={t('back')}>
          <ActionIcon
            component={Link}
            to="/articles"
            search={lastSearch('/articles') as never}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('back')}
          >
            <Icon name="back" />
          </ActionIcon>
        </Tooltip>
        <span className={classes.status}>
          <StatusBadge status={status} label={st(status)} />
        </span>
        <SaveState session={session} onCompare={onCompare} />
      </div>
      <div className={classes.side}>
        <span className={classes.words}>
          {t('words', { n: words }).replace(String(words), words.toLocaleString(lang))}
          {language && ` · ${language.label}`}
        </span>
        <Tooltip label={t('preview')}>
          <ActionIcon
            variant={isPreview ? 'light' : 'subtle'}
            color={isPreview ? 'leaf' : 'gray'}
            size="lg"
            onClick={onPreview}
            aria-label={t('preview')}
            aria-pressed={isPreview}
          >
            <Icon name="eye" />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('settings')}>
          <ActionIcon
            variant={isSettings ? 'light' : 'subtle'}
            color={isSettings ? 'leaf' : 'gray'}
            size="lg"
            onClick={onSettings}
            aria-label={t('settings')}
            aria-expanded={isSettings}
          >
            <Icon name="panel" />
          </ActionIcon>
        </Tooltip>
        <DeskMenu session={session} state={state} isFocused={isFocused} onFocus={onFocus} />
        {status !== 'trashed' && <PublishButton session={session} state={state} />}
      </div>
    </section>
  );
});

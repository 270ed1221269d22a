/** What stands beside the text: its settings, its checks, its outline or its past. */
import { EditorView } from '@codemirror/view';
import { CloseButton, SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';

import { FocusBack } from '~/ui/focus-back';
import { useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import { ChecksPanel } from './checks-panel';
import { HistoryPanel } from './history-panel';
import { OutlinePanel } from './outline-panel';
import { SettingsPanel } from './settings-panel';
import { settingTexts } from './setting-texts';
import classes from './side-panel.module.css';
import type { Beside } from './translations';

export type Part = 'settingsTab' | 'checks' | 'outline' | 'history';
const PARTS: readonly Part[] = ['settingsTab', 'checks', 'outline', 'history'];

interface Props {
  session: ArticleSession;
  state: State;
  view: EditorView | null;
  onBeside: (beside: Beside) => void;
  onClose: () => void;
}

export function SidePanel({ session, state, view, onBeside, onClose }: Props) {
  const t = useTexts(settingTexts);
  const [part, setPart] = useState<Part>('settingsTab');
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);

  function goTo(line: number) {
    if (!view) return;
    const { doc } = view.state;
    const { from } = doc.line(Math.min(line, doc.lines));
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    view.focus();
    // On a phone the panel lies over the text.
    if (window.matchMedia('(width < 62em)').matches) onClose();
  }

  const closing = {
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // A list of a field is closed first, by the field itself.
      const isInList = event.target instanceof Element && event.target.matches('[aria-expanded="true"]');
      if (!isInList) onClose();
    },
  };
  return (
    <aside className={classes.panel} aria-label={t('settings')} {...closing}>
      <FocusBack />
      <header className={classes.head}>
        <h2 className={classes.title}>{t('settings')}</h2>
        <CloseButton aria-label={t('close')} onClick={onClose} ref={close} />
      </header>
      <SegmentedControl
        fullWidth
        size="xs"
        className={classes.tabs}
        aria-label={t('parts')}
        value={part}
        onChange={(value) => setPart(value)}
        data={PARTS.map((value) => ({ value, label: t(value) }))}
      />
      {part === 'settingsTab' && <SettingsPanel session={session} state={state} onBeside={onBeside} />}
      {part === 'checks' && (
        <ChecksPanel state={state} onLine={goTo} onField={() => setPart('settingsTab')} />
      )}
      {part === 'outline' && <OutlinePanel markdown={state.fields.markdown} onLine={goTo} />}
      {part === 'history' && <HistoryPanel session={session} state={state} />}
    </aside>
  );
}

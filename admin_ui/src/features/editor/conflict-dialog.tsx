/** Two versions of one article side by side; whichever is not chosen is kept, never dropped. */
import { Button, Group, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';

import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import classes from './conflict-dialog.module.css';
import { diffLines } from './diff';
import { fieldsOf } from './fields';
import type { Choice, Fields } from './fields';
import { saveTexts } from './save-texts';
import { settingTexts } from './setting-texts';

const MergeEditor = lazy(async () => ({ default: (await import('./merge-editor')).MergeEditor }));

interface Props {
  session: ArticleSession;
  state: State;
  isOpen: boolean;
  onClose: () => void;
}

/** All that can conflict as one text: the title, the settings that differ, the Markdown. */
function whole(fields: Fields, names: readonly (keyof Fields)[], label: (name: keyof Fields) => string) {
  const settings = names
    .filter((name) => name !== 'markdown' && name !== 'title')
    .map((name) => `${label(name)}: ${JSON.stringify(fields[name])}`);
  return [`# ${fields.title}`, ...settings, '', fields.markdown].join('\n');
}

export function ConflictDialog({ session, state, isOpen, onClose }: Props) {
  const t = useTexts(saveTexts);
  const st = useTexts(settingTexts);
  const [isBusy, setBusy] = useState<'mine' | 'theirs' | 'merged' | null>(null);
  const [merged, setMerged] = useState<string | null>(null);
  const { conflict, fields } = state;
  if (!conflict) return null;
  const { theirs, names } = conflict;
  const lines = diffLines(whole(fields, names, st), whole(fieldsOf(theirs), names, st));

  async function choose(choice: Choice) {
    setBusy(typeof choice === 'string' ? choice : 'merged');
    await session.resolve(choice);
    setBusy(null);
    setMerged(null);
    onClose();
  }

  return (
    <Dialog
      opened={isOpen}
      onClose={onClose}
      title={t('conflictTitle')}
      size={1100}
      closeButtonProps={{ 'aria-label': t('later') }}
    >
      <Text>{t('conflictHint', { who: theirs.updated_by.name || t('someone') })}</Text>
      <Text size="sm" c="dimmed" mt={4}>
        {t('bothChanged', { names: names.map((name) => st(name)).join(', ') })}
      </Text>
      {merged === null ? (
        <div className={classes.sides}>
          {(['mine', 'theirs'] as const).map((side) => (
            <section key={side} aria-label={t(side)} className={classes.side}>
              <h3 className={classes.head}>{t(side)}</h3>
              {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
              <div className={classes.text} tabIndex={0} role="group" aria-label={t(side)}>
                {lines.map(({ kind, text }, index) =>
                  kind === 'same' || kind === side ? (
                    <div key={index} className={classes.line} data-kind={kind}>
                      {text || '\u00a0'}
                    </div>
                  ) : null,
                )}
              </div>
              <Button
                fullWidth
                variant={side === 'mine' ? 'filled' : 'default'}
                loading={isBusy === side}
                disabled={isBusy !== null}
                onClick={() => void choose(side)}
              >
                {side === 'mine' ? t('keepMine') : t('takeTheirs')}
              </Button>
            </section>
          ))}
        </div>
      ) : (
        <Suspense>
          <Text size="sm" my="sm">
            {t('mergeHint')}
          </Text>
          <MergeEditor
            mine={fields.markdown}
            theirs={theirs.markdown}
            lang={fields.lang}
            onChange={setMerged}
          />
        </Suspense>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="subtle" color="gray" onClick={onClose}>
          {t('later')}
        </Button>
        {names.includes('markdown') && merged === null && (
          <Button variant="default" onClick={() => setMerged(fields.markdown)}>
            {t('merge')}
          </Button>
        )}
        {merged !== null && (
          <Button loading={isBusy === 'merged'} onClick={() => void choose({ markdown: merged })}>
            {t('mergeSave')}
          </Button>
        )}
      </Group>
    </Dialog>
  );
}

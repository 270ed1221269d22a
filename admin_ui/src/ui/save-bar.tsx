/** The button that saves a form, what became of it, and the dialogs around it. */
import { Button, Group, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useBlocker } from '@tanstack/react-router';

import { Confirm } from './confirm';
import { Dialog } from './dialog';
import { formTexts } from './form-texts';
import classes from './save-bar.module.css';
import { SaveSlot } from './save-slot';
import { useTexts } from './texts';
import type { RecordForm } from './use-record-form';

export function SaveBar<T>({ form }: { form: RecordForm<T> }) {
  const t = useTexts(formTexts);
  const { isDirty, isSaving, isSaved, problem, save } = form;
  const isStale = problem?.status === 412;
  useHotkeys([['mod+S', () => isDirty && save()]], [], true);
  const { status, proceed, reset } = useBlocker({
    // What is on its way is waited for: whoever leaves hears of it if it was not saved.
    shouldBlockFn: async () => isDirty && !(isSaving && (await form.settled())),
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  // Which they are, each says itself.
  const isMarked = problem?.code === 'invalid' && problem.errors.some(({ field }) => field !== 'body');
  const why = isMarked ? t('marked') : (problem?.message ?? '');
  const unsaved = t(form.isBroughtBack ? 'broughtBack' : 'unsaved');
  const words = isDirty ? unsaved : isSaved ? t('saved') : '';
  return (
    <>
      <SaveSlot isWanted={isDirty || isSaving}>
        <span role="status" className={classes.state} data-bad={(problem && isDirty) || undefined}>
          {problem && isDirty && !isStale ? t('wrong', { why }) : words}
        </span>
        {isDirty && form.isBroughtBack && (
          <Button variant="default" onClick={form.discard}>
            {t('discard')}
          </Button>
        )}
        <Button onClick={save} loading={isSaving} disabled={!isDirty}>
          {t('save')}
        </Button>
      </SaveSlot>
      <Dialog
        opened={isStale}
        onClose={form.takeTheirs}
        withCloseButton={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        title={t('conflict')}
      >
        <Text>{t('conflictHint')}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={form.takeTheirs}>
            {t('takeTheirs')}
          </Button>
          <Button onClick={form.keepMine} data-autofocus>
            {t('keepMine')}
          </Button>
        </Group>
      </Dialog>
      <Confirm
        isOpen={status === 'blocked'}
        title={t('leaveTitle')}
        text={t('leaveHint')}
        yes={t('leave')}
        no={t('stay')}
        onYes={() => {
          form.discard();
          proceed?.();
        }}
        onNo={() => reset?.()}
      />
    </>
  );
}

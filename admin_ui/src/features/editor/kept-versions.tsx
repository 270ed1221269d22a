/** The texts that were set aside on this device, to read and to copy. */
import { Button, CopyButton, Group, ScrollArea, Stack, Text } from '@mantine/core';

import { keptTexts } from '~/data/local-drafts';
import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import classes from './kept-versions.module.css';
import { editorTexts } from './texts';

interface Props {
  articleId: string;
  isOpen: boolean;
  onClose: () => void;
}

export function KeptVersions({ articleId, isOpen, onClose }: Props) {
  const t = useTexts(editorTexts);
  const { ago } = useClock();
  const texts = isOpen ? keptTexts(localStorage, articleId) : [];
  return (
    <Dialog
      opened={isOpen}
      onClose={onClose}
      title={t('keptTitle')}
      size="lg"
      scrollAreaComponent={ScrollArea.Autosize}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <Text c="dimmed">{texts.length === 0 ? t('keptNone') : t('keptHint')}</Text>
        {texts.map(({ title, markdown, whose, keptAt }) => (
          <section key={keptAt} aria-label={title}>
            <Group justify="space-between" mb={6}>
              <Text fw={600}>
                {title} · {whose === 'mine' ? t('keptMine') : t('keptTheirs')} · {ago(keptAt)}
              </Text>
              <CopyButton value={markdown}>
                {({ copied, copy }) => (
                  <Button size="xs" variant="default" onClick={copy}>
                    {copied ? t('copied') : t('copy')}
                  </Button>
                )}
              </CopyButton>
            </Group>
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
            <pre className={classes.text} tabIndex={0}>
              {markdown}
            </pre>
          </section>
        ))}
      </Stack>
    </Dialog>
  );
}

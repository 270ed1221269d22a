/** Other bytes under the same address, the address itself, and the way out of the library. */
import { Button, CopyButton, FileButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { media, mediaUsage, removeMedia, replaceFile } from '~/data/media';
import type { MediaAdmin } from '~/data/media';
import { listQuery, recordQuery } from '~/data/records';
import { remember } from '~/data/remember';
import { Alarm } from '~/ui/alarm';
import { Removal } from '~/ui/removal';
import { useTexts } from '~/ui/texts';
import { useLeading } from '~/ui/use-leading';

import classes from './media-actions.module.css';
import { libraryTexts } from './texts';

export function MediaActions({ item }: { item: MediaAdmin }) {
  const t = useTexts(libraryTexts);
  const lead = useLeading();
  const queryClient = useQueryClient();
  const [isRemoving, removal] = useDisclosure();
  const { data: others } = useQuery({ ...listQuery(media, { kind: 'image' }), enabled: isRemoving });
  const replacement = useMutation({
    mutationFn: (file: File) => replaceFile(item.id, item.revision, file),
    onSuccess: async (saved) => {
      remember(queryClient, recordQuery(media, item.id).queryKey, saved);
      await queryClient.invalidateQueries({ queryKey: ['media', 'list'] });
    },
  });
  return (
    <div>
      <div className={classes.actions}>
        <CopyButton value={item.stable_url}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? t('copied') : t('copy')}
            </Button>
          )}
        </CopyButton>
        <FileButton accept={item.mime.startsWith('image/') ? 'image/*' : item.mime} onChange={(file) => file && replacement.mutate(file)}>
          {(props) => (
            <Button {...props} size="xs" variant="default" loading={replacement.isPending}>
              {t('replace')}
            </Button>
          )}
        </FileButton>
        <Button size="xs" variant="light" color="red" onClick={removal.open}>
          {t('remove')}
        </Button>
      </div>
      <p className={classes.hint}>{t('replaceHint')}</p>
      <Alarm error={replacement.error} />
      {isRemoving && (
        <Removal
          title={`${t('remove')}: ${item.name}`}
          queryKey={['media', 'removal', item.id]}
          usage={() => mediaUsage(item.id)}
          others={(others?.items ?? [])
            .filter((other) => other.id !== item.id)
            .map(({ id, name }) => ({ value: id, label: name }))}
          remove={(fate) => removeMedia(item.id, item.revision, fate)}
          onGone={() => {
            removal.close();
            void lead({ to: '/media', ignoreBlocker: true });
            void queryClient.invalidateQueries({ queryKey: ['media', 'list'] });
          }}
          onClose={removal.close}
        />
      )}
    </div>
  );
}

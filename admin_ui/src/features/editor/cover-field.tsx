/** The cover, chosen from the library, and the point of it that no crop may lose. */
import { Button, Group, Input } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';

import { describePicture, pictureQuery } from '~/data/pictures';
import type { MediaAdmin } from '~/data/pictures';
import { remember } from '~/data/remember';
import { useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import { FocalPicker } from './focal-picker';
import { settingTexts } from './setting-texts';

const PictureDialog = lazy(async () => ({ default: (await import('./picture-dialog')).PictureDialog }));
const NO_FILES: readonly File[] = [];

interface Props {
  session: ArticleSession;
  state: State;
  isReadOnly: boolean;
}

export function CoverField({ session, state, isReadOnly }: Props) {
  const t = useTexts(settingTexts);
  const queryClient = useQueryClient();
  const [isChoosing, setChoosing] = useState(false);
  const { cover_id: id, lang } = state.fields;
  const { data: cover } = useQuery({ ...pictureQuery(id ?? ''), enabled: id !== null });
  const keep = (media: MediaAdmin) => remember(queryClient, pictureQuery(media.id).queryKey, media);
  const focus = useMutation({
    mutationFn: ({ x, y }: MediaAdmin['focal_point']) => describePicture(cover!, { focal_point: { x, y } }),
    onSuccess: keep,
    onError: () => queryClient.invalidateQueries(pictureQuery(id ?? '')),
  });
  return (
    <Input.Wrapper label={t('cover')} labelElement="div" error={focus.error?.message}>
      {id && cover && (
        <FocalPicker media={cover} isReadOnly={isReadOnly} onMove={(point) => focus.mutate(point)} />
      )}
      {!isReadOnly && (
        <Group gap="xs" mt={6}>
          <Button size="xs" variant="default" onClick={() => setChoosing(true)}>
            {id ? t('coverChange') : t('coverChoose')}
          </Button>
          {id && (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              onClick={() => session.change({ cover_id: null })}
            >
              {t('coverRemove')}
            </Button>
          )}
        </Group>
      )}
      <Suspense>
        {isChoosing && (
          <PictureDialog
            isSingle
            files={NO_FILES}
            lang={lang}
            onClose={() => setChoosing(false)}
            onDone={([chosen]) => {
              setChoosing(false);
              if (!chosen) return;
              keep(chosen.media);
              session.change({ cover_id: chosen.media.id });
            }}
          />
        )}
      </Suspense>
    </Input.Wrapper>
  );
}

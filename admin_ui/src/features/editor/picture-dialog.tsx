/** Pictures for the text: pasted, dropped, chosen from this device or from the library. */
import { Button, FileButton, Group, Stack } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

import type { MediaAdmin } from '~/data/pictures';
import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';

import { PictureLibrary } from './picture-library';
import { PictureRow } from './picture-row';
import classes from './pictures.module.css';
import { pictureTexts } from './picture-texts';
import { usePictures } from './use-pictures';

export interface Described {
  media: MediaAdmin;
  alt: string;
}

interface Props {
  /** What was pasted or dropped. */
  files: readonly File[];
  lang: string;
  isSingle?: boolean;
  onDone: (pictures: Described[]) => void;
  onClose: () => void;
}

const TYPES = 'image/jpeg,image/png,image/webp,image/gif,image/avif';

export function PictureDialog({ files, lang, isSingle = false, onDone, onClose }: Props) {
  const t = useTexts(pictureTexts);
  const { items, addFiles, addMedia, clear, describe, send, setAlt, remove } = usePictures(lang);
  const [isBusy, setBusy] = useState(false);
  const taken = useRef<readonly File[]>([]);
  useEffect(() => {
    if (taken.current === files) return;
    taken.current = files;
    if (files.length > 0) addFiles(files);
  }, [files, addFiles]);
  const isComplete = items.length > 0 && items.every(({ media }) => media !== null);

  async function finish() {
    setBusy(true);
    await describe();
    const done = items.flatMap(({ media, alt }) => (media ? [{ media, alt: alt.trim() }] : []));
    onDone(done);
  }

  function leave() {
    clear();
    onClose();
  }

  return (
    <Dialog opened onClose={leave} title={t('title')} size={640} closeButtonProps={{ 'aria-label': t('cancel') }}>
      <Stack>
        {items.length > 0 && (
          <ul className={classes.rows}>
            {items.map((item, index) => (
              <PictureRow
                key={item.key}
                item={item}
                lang={lang}
                hasFocus={index === 0}
                onAlt={(alt) => setAlt(item.key, alt)}
                onAgain={() => item.file && void send(item.key, item.file)}
                onRemove={() => remove(item.key)}
              />
            ))}
          </ul>
        )}
        {items.length === 0 && (
          <>
            <FileButton
              multiple
              accept={TYPES}
              onChange={(chosen: File[]) => addFiles(isSingle ? chosen.slice(0, 1) : chosen)}
            >
              {(props) => (
                <Button {...props} variant="default" data-autofocus>
                  {t('choose')}
                </Button>
              )}
            </FileButton>
            <PictureLibrary lang={lang} onChoose={addMedia} />
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={leave}>
            {t('cancel')}
          </Button>
          {items.length > 0 && (
            <Button disabled={!isComplete} loading={isBusy} onClick={() => void finish()}>
              {isComplete ? (isSingle ? t('chosen') : t('insert')) : t('waiting')}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

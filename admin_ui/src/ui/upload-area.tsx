/** Where files are dropped or chosen, and how far each of them is. */
import { CloseButton, FileButton, Button, Progress } from '@mantine/core';
import { useState } from 'react';
import type { DragEvent } from 'react';

import type { MediaAdmin } from '~/data/media';

import { Icon } from './icon';
import { mediaTexts } from './media-texts';
import { useTexts } from './texts';
import classes from './upload-area.module.css';
import { useUploads } from './use-uploads';

const ACCEPTED = 'image/jpeg,image/png,image/webp,image/gif,image/avif,application/pdf';
const WORDS = { waiting: 'waiting', sent: 'sent', known: 'known', failed: 'failed' } as const;

interface Props {
  onTaken?: (items: MediaAdmin[]) => void;
  /** Where one file is wanted. */
  isSingle?: boolean;
}

export function UploadArea({ onTaken, isSingle = false }: Props) {
  const t = useTexts(mediaTexts);
  const { files, send, clear } = useUploads(onTaken);
  const [isOver, setOver] = useState(false);
  const done = files.filter((file) => file.state !== 'waiting').length;
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const dropped = [...event.dataTransfer.files];
    send(isSingle ? dropped.slice(0, 1) : dropped);
  }
  return (
    // Dropping is a second way; the button inside is the first.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={classes.area}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className={classes.line}>
        <span className={classes.words}>{t('word')}</span>
        <FileButton
          multiple={!isSingle}
          accept={ACCEPTED}
          onChange={(chosen: File | File[] | null) => chosen && send([chosen].flat())}
        >
          {(props) => (
            <Button {...props} size="compact-sm" variant="default" leftSection={<Icon name="upload" size={15} />}>
              {t('upload')}
            </Button>
          )}
        </FileButton>
      </div>
      {files.length > 0 && (
        <div className={classes.files}>
          <div className={classes.line}>
            <span role="status">{t('sending', { done, total: files.length })}</span>
            {done === files.length && <CloseButton size="sm" aria-label={t('close')} onClick={clear} />}
          </div>
          <Progress value={(100 * done) / files.length} size="sm" aria-label={t('uploading')} />
          <ul className={classes.list}>
            {files.map(({ name, state, why }, index) => (
              <li key={index} data-state={state}>
                {t(WORDS[state], { name, why })}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** The library in a dialog: search, choose, or upload and choose. */
import { TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { media, thumbOf } from '~/data/media';
import type { MediaAdmin } from '~/data/media';
import { listQuery } from '~/data/records';

import { Alarm } from './alarm';
import { Dialog } from './dialog';
import { Icon } from './icon';
import classes from './image-picker.module.css';
import { mediaTexts } from './media-texts';
import { useTexts } from './texts';
import { UploadArea } from './upload-area';

interface Props {
  onChoose: (items: MediaAdmin[]) => void;
  isSingle?: boolean;
  onClose: () => void;
}

export function ImagePicker({ onChoose, isSingle = false, onClose }: Props) {
  const t = useTexts(mediaTexts);
  const [typed, type] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 250);
  const { data, error } = useQuery(listQuery(media, { kind: 'image', ...(q && { q }) }));
  return (
    <Dialog opened onClose={onClose} title={t('choose')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <UploadArea onTaken={onChoose} isSingle={isSingle} />
      <TextInput
        type="search"
        role="searchbox"
        aria-label={t('search')}
        placeholder={t('search')}
        value={typed}
        data-autofocus
        leftSection={<Icon name="search" size={16} />}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <Alarm error={error} />
      {data?.items.length === 0 && <p>{t('nothing')}</p>}
      <ul className={classes.grid}>
        {data?.items.map((item) => (
          <li key={item.id}>
            <UnstyledButton
              className={classes.choice}
              aria-label={t('chooseThis', { name: item.name })}
              onClick={() => onChoose([item])}
            >
              <img src={thumbOf(item, 240)} alt="" loading="lazy" />
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** The library's pictures to choose from, the newest first, narrowed by words. */
import { Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { fileFor, picturesQuery } from '~/data/pictures';
import type { MediaAdmin } from '~/data/pictures';
import { useTexts } from '~/ui/texts';

import classes from './pictures.module.css';
import { pictureTexts } from './picture-texts';

interface Props {
  lang: string;
  onChoose: (media: MediaAdmin) => void;
}

export function PictureLibrary({ lang, onChoose }: Props) {
  const t = useTexts(pictureTexts);
  const [words, setWords] = useState('');
  const [settled] = useDebouncedValue(words.trim(), 250);
  const { data: found = [], isSuccess } = useQuery(picturesQuery(settled));
  return (
    <section aria-label={t('library')}>
      <TextInput
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {isSuccess && found.length === 0 && (
        <Text c="dimmed" size="sm" mt="md">
          {t('none')}
        </Text>
      )}
      <ul className={classes.grid}>
        {found.map((media) => (
          <li key={media.id}>
            <UnstyledButton
              className={classes.tile}
              aria-label={media.alt[lang] || media.name || t('unnamed')}
              onClick={() => onChoose(media)}
            >
              <img src={fileFor(media, 320)} alt="" loading="lazy" className={classes.picture} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

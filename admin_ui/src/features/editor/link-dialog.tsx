/** A link: an address typed or pasted, or an article, page or project of the site, found by words. */
import { Button, Group, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { placesQuery } from '~/data/places';
import { siteQuery } from '~/data/site';
import { Dialog } from '~/ui/dialog';
import { StatusBadge } from '~/ui/status-badge';
import { useTexts } from '~/ui/texts';

import classes from './link-dialog.module.css';
import { linkTexts } from './link-texts';
import { publicPath } from './public-address';
import { statusTexts } from './status-texts';

interface Props {
  label: string;
  url: string;
  /** The text of an article for the link's own, when it has none. */
  onDone: (link: { label: string; url: string }) => void;
  onClose: () => void;
}

const ADDRESS = /^(?:[a-z][a-z\d+.-]*:|\/|#|\.)/i;

export function LinkDialog({ label: oldLabel, url: oldUrl, onDone, onClose }: Props) {
  const t = useTexts(linkTexts);
  const st = useTexts(statusTexts);
  const [label, setLabel] = useState(oldLabel);
  const [words, setWords] = useState(oldUrl);
  const [settled] = useDebouncedValue(words.trim(), 200);
  const isAddress = ADDRESS.test(words.trim());
  const { data: site } = useQuery(siteQuery);
  const isAsked = settled !== '' && !ADDRESS.test(settled);
  const { data: found = [], isSuccess } = useQuery({ ...placesQuery(settled), enabled: isAsked });
  const bare = /^[\w-]+(\.[\w-]+)+(\/|$)/.test(words.trim()) ? `https://${words.trim()}` : words.trim();
  const url = isAddress ? words.trim() : bare;
  const isReady = isAddress || url !== words.trim();
  return (
    <Dialog opened onClose={onClose} title={t('title')} closeButtonProps={{ 'aria-label': t('cancel') }}>
      <Stack
        component="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onDone({ label, url });
        }}
      >
        <TextInput
          label={t('address')}
          value={words}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {isAsked && isSuccess && found.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('none')}
          </Text>
        )}
        {isAsked && site && found.length > 0 && (
          <ul className={classes.found} aria-label={t('found')}>
            {found.map((place) => (
              <li key={place.id}>
                <UnstyledButton
                  className={classes.place}
                  onClick={() =>
                    onDone({ label: label || place.title, url: publicPath(site, place, place.kind) })
                  }
                >
                  <span className={classes.title} dir="auto">{place.title}</span>
                  <span className={classes.lang}>{place.lang}</span>
                  <StatusBadge status={place.status} label={st(place.status)} />
                </UnstyledButton>
              </li>
            ))}
          </ul>
        )}
        <TextInput
          label={t('label')}
          value={label}
          dir="auto"
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          {oldUrl !== '' && (
            <Button variant="subtle" color="gray" onClick={() => onDone({ label, url: '' })}>
              {t('remove')}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={!isReady}>
            {t('insert')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

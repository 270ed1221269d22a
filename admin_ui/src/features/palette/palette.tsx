/** One field that leads everywhere: screens by their names, content by its words. */
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';

import { asProblem } from '~/data/problem';
import { Dialog } from '~/ui/dialog';
import { Icon } from '~/ui/icon';
import { useTexts } from '~/ui/texts';

import classes from './palette.module.css';
import { paletteTexts } from './texts';
import { useHits } from './use-hits';
import type { Hit, PaletteScreen } from './use-hits';

interface Props {
  places: PaletteScreen[];
  onClose: () => void;
}

export function Palette({ places, onClose }: Props) {
  const t = useTexts(paletteTexts);
  const navigate = useNavigate();
  const [typed, type] = useState('');
  const [at, go] = useState(0);
  const words = typed.trim();
  const [settled] = useDebouncedValue(words, 150);
  const { hits, isFinding, error } = useHits(places, words, settled);
  const chosen = Math.max(0, Math.min(at, hits.length - 1));

  function open(hit: Hit | undefined) {
    if (!hit) return;
    onClose();
    void navigate({ to: hit.to });
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (hits.length > 0) go((chosen + step + hits.length) % hits.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(hits[chosen]);
    }
  }
  return (
    <Dialog
      opened
      onClose={onClose}
      centered={false}
      yOffset="12vh"
      padding={0}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': t('title') } }}
    >
      <div className={classes.field}>
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={t('find')}
          aria-expanded="true"
          aria-controls="palette"
          aria-autocomplete="list"
          aria-activedescendant={hits.length > 0 ? `palette-${chosen}` : undefined}
          placeholder={t('find')}
          value={typed}
          maxLength={200}
          data-autofocus
          onChange={(event) => {
            type(event.currentTarget.value);
            go(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {(error || hits.length === 0) && !isFinding && (
        <p className={classes.nothing} role="status">
          {error ? asProblem(error).message : t('nothing')}
        </p>
      )}
      <div id="palette" role="listbox" aria-label={t('results')} className={classes.hits}>
        {hits.map((hit, index) => (
          // The field has the keys; the mouse is only a second way.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={`${hit.kind}-${hit.to}`}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={classes.hit}
            ref={(element) => {
              if (index === chosen) element?.scrollIntoView({ block: 'nearest' });
            }}
            onMouseMove={() => go(index)}
            onClick={() => open(hit)}
          >
            <Icon name={hit.icon} />
            <span className={classes.label}>{hit.label || t('untitled')}</span>
            <span className={classes.kind}>{t(hit.kind)}</span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

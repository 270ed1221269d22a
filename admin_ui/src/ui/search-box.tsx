/** Searches while one types, in the address of the page. */
import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { Ref } from 'react';

import { Icon } from './icon';
import { useListSearch } from './list-search';
import { recordTexts } from './record-texts';
import { useTexts } from './texts';

export function SearchBox({ ref, label }: { ref: Ref<HTMLInputElement>; label?: string }) {
  const t = useTexts(recordTexts);
  const [{ q = '' }, change] = useListSearch();
  const [typed, type] = useState(q);
  const [known, know] = useState(q);
  if (q !== known) {
    // The address changed by something else than this box: a link, the back button.
    know(q);
    type(q);
  }
  const search = useDebouncedCallback((next: string) => {
    know(next.trim());
    change({ q: next.trim() }, true);
  }, 250);
  const say = (next: string) => {
    type(next);
    search(next);
  };
  return (
    <TextInput
      ref={ref}
      type="search"
      role="searchbox"
      aria-label={label ?? t('search')}
      placeholder={label ?? t('search')}
      value={typed}
      maxLength={200}
      leftSection={<Icon name="search" size={16} />}
      rightSection={typed && <CloseButton size="sm" aria-label={t('close')} onClick={() => say('')} />}
      onChange={(event) => say(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

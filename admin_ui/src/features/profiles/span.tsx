/** From when to when, and where to read more. */
import { TextInput } from '@mantine/core';

import { useTexts } from '~/ui/texts';

import { profileTexts } from './texts';

interface Spanned {
  start: string;
  end: string | null;
  url: string | null;
}

interface Props {
  item: Spanned;
  path: string;
  wrong: (field: string) => string | undefined;
  onChange: (changes: Partial<Spanned>) => void;
}

export function Span({ item, path, wrong, onChange }: Props) {
  const t = useTexts(profileTexts);
  return (
    <>
      <TextInput
        label={t('start')}
        placeholder={t('startHint')}
        value={item.start}
        error={wrong(`${path}.start`)}
        onChange={(event) => onChange({ start: event.currentTarget.value })}
      />
      <TextInput
        label={t('end')}
        placeholder={t('endHint')}
        value={item.end ?? ''}
        error={wrong(`${path}.end`)}
        onChange={(event) => onChange({ end: event.currentTarget.value || null })}
      />
      <TextInput
        label={t('url')}
        value={item.url ?? ''}
        error={wrong(`${path}.url`)}
        wrapperProps={{ 'data-wide': true }}
        onChange={(event) => onChange({ url: event.currentTarget.value || null })}
      />
    </>
  );
}

/** What a picture says, once for each language of the site. */
import { Textarea } from '@mantine/core';

import { useTexts } from '~/ui/texts';
import { useLanguages } from '~/ui/use-languages';
import type { RecordForm } from '~/ui/use-record-form';

import type { MediaFields } from './media-fields';
import { libraryTexts } from './texts';

export function MediaWords({ form }: { form: RecordForm<MediaFields> }) {
  const t = useTexts(libraryTexts);
  const languages = useLanguages();
  const { value, set, wrong } = form;
  return (
    <>
      {(['alt', 'caption'] as const).map((kind) =>
        languages.map(({ value: tag, label }) => (
          <Textarea
            key={`${kind}-${tag}`}
            label={t(kind, { lang: label })}
            {...(kind === 'alt' && { description: t('altHint') })}
            value={value[kind][tag] ?? ''}
            error={wrong(`${kind}.${tag}`)}
            lang={tag}
            autosize
            minRows={1}
            onChange={(event) => set({ [kind]: { ...value[kind], [tag]: event.currentTarget.value } })}
          />
        )),
      )}
    </>
  );
}

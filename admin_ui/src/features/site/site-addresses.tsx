/** Where readers find each kind of thing, and what search engines and previews say by default. */
import { TextInput } from '@mantine/core';

import { Fields } from '~/ui/fields';
import classes from '~/ui/fields.module.css';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import type { RecordForm } from '~/ui/use-record-form';

import { KINDS } from './site-fields';
import type { SiteFields } from './site-fields';
import { siteTexts } from './texts';

export function SiteAddresses({ form }: { form: RecordForm<SiteFields> }) {
  const t = useTexts(siteTexts);
  const { value, set, wrong } = form;
  const langs = ['*', ...(value.languages.length > 1 ? value.languages : [])];
  return (
    <>
      <Section title={t('addresses')} hint={t('addressesHint')}>
        <div className={classes.pairs}>
          {KINDS.map((kind) =>
            langs.map((lang) => (
              <TextInput
                key={`${kind}-${lang}`}
                label={lang === '*' ? t(kind) : t('inLanguage', { kind: t(kind), lang })}
                value={value.url_patterns[kind]?.[lang] ?? ''}
                error={wrong(`url_patterns.${kind}.${lang}`)}
                spellCheck={false}
                onChange={(event) =>
                  set({
                    url_patterns: {
                      ...value.url_patterns,
                      [kind]: { ...value.url_patterns[kind], [lang]: event.currentTarget.value },
                    },
                  })
                }
              />
            )),
          )}
        </div>
      </Section>
      <Section title={t('seo')} hint={t('seoHint')}>
        <Fields
          form={form}
          of={[
            { name: 'title_suffix', label: t('suffix'), hint: t('suffixHint') },
            { name: 'seo_description', label: t('description'), as: 'text' },
          ]}
        />
      </Section>
      <Section title={t('cards')} hint={t('cardsHint')}>
        <Fields
          form={form}
          inPairs
          of={[
            { name: 'background', label: t('background'), as: 'color' },
            { name: 'ink', label: t('ink'), as: 'color' },
            { name: 'accent', label: t('accent'), as: 'color' },
          ]}
        />
      </Section>
    </>
  );
}

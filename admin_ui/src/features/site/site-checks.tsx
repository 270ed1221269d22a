/** How grave what the publish checks find is. */
import { Select } from '@mantine/core';

import classes from '~/ui/fields.module.css';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import type { RecordForm } from '~/ui/use-record-form';

import { checkTexts } from './check-texts';
import type { Level, SiteFields } from './site-fields';

const LEVELS = ['error', 'warning', 'off'] as const satisfies Level[];

export function SiteChecks({ form }: { form: RecordForm<SiteFields> }) {
  const t = useTexts(checkTexts);
  const { checks } = form.value;
  const known = (code: string): code is keyof typeof checkTexts.en => code in checkTexts.en;
  return (
    <Section title={t('checks')} hint={t('checksHint')}>
      <div className={classes.pairs}>
        {Object.entries(checks).map(([code, level]) => (
          <Select
            key={code}
            label={known(code) ? t(code) : code.replaceAll('_', ' ')}
            value={level}
            allowDeselect={false}
            data={LEVELS.map((value) => ({ value, label: t(value) }))}
            onChange={(next) => next && form.set({ checks: { ...checks, [code]: next } })}
          />
        ))}
      </div>
    </Section>
  );
}

import { TagsInput, TextInput } from '@mantine/core';

import { orderedPills } from '~/ui/ordered-pills';
import { Repeater } from '~/ui/repeater';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import type { RecordForm } from '~/ui/use-record-form';

import type { ProfileFields } from './profile-fields';
import { profileTexts } from './texts';

export function ProfileSkills({ form }: { form: RecordForm<ProfileFields> }) {
  const t = useTexts(profileTexts);
  const { value, set, wrong } = form;
  return (
    <Section title={t('skills')}>
      <Repeater
        label={t('skills')}
        items={value.skills}
        blank={{ name: '', level: '', keywords: [] }}
        addText={t('addSkill')}
        onChange={(skills) => set({ skills })}
      >
        {(skill, change, index) => (
          <>
            <TextInput
              label={t('skill')}
              value={skill.name}
              error={wrong(`skills.${index}.name`)}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <TextInput
              label={t('level')}
              value={skill.level}
              error={wrong(`skills.${index}.level`)}
              onChange={(event) => change({ level: event.currentTarget.value })}
            />
            <TagsInput
              {...orderedPills}
              wrapperProps={{ ...orderedPills.wrapperProps, 'data-wide': true }}
              label={t('keywords')}
              placeholder={skill.keywords.length === 0 ? t('keywordsHint') : ''}
              value={skill.keywords}
              error={wrong(`skills.${index}.keywords`)}
              onChange={(keywords) => change({ keywords })}
            />
          </>
        )}
      </Repeater>
    </Section>
  );
}

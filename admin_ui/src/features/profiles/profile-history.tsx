/** Where someone worked and learned. */
import { Textarea, TextInput } from '@mantine/core';

import { Repeater } from '~/ui/repeater';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import type { RecordForm } from '~/ui/use-record-form';

import type { ProfileFields } from './profile-fields';
import { Span } from './span';
import { profileTexts } from './texts';

export function ProfileHistory({ form }: { form: RecordForm<ProfileFields> }) {
  const t = useTexts(profileTexts);
  const { value, set, wrong } = form;
  return (
    <>
      <Section title={t('experience')}>
        <Repeater
          label={t('experience')}
          items={value.experience}
          blank={{
            organisation: '',
            role: '',
            start: '',
            end: null,
            summary: '',
            url: null,
            highlights: [],
          }}
          addText={t('addExperience')}
          onChange={(experience) => set({ experience })}
        >
          {(item, change, index) => (
            <>
              <TextInput
                label={t('role')}
                value={item.role}
                error={wrong(`experience.${index}.role`)}
                onChange={(event) => change({ role: event.currentTarget.value })}
              />
              <TextInput
                label={t('organisation')}
                value={item.organisation}
                error={wrong(`experience.${index}.organisation`)}
                onChange={(event) => change({ organisation: event.currentTarget.value })}
              />
              <Span item={item} path={`experience.${index}`} wrong={wrong} onChange={change} />
              <Textarea
                wrapperProps={{ 'data-wide': true }}
                label={t('summary')}
                value={item.summary}
                error={wrong(`experience.${index}.summary`)}
                autosize
                minRows={2}
                onChange={(event) => change({ summary: event.currentTarget.value })}
              />
            </>
          )}
        </Repeater>
      </Section>
      <Section title={t('education')}>
        <Repeater
          label={t('education')}
          items={value.education}
          blank={{
            organisation: '',
            area: '',
            degree: '',
            start: '',
            end: null,
            url: null,
            score: '',
            courses: [],
          }}
          addText={t('addEducation')}
          onChange={(education) => set({ education })}
        >
          {(item, change, index) => (
            <>
              <TextInput
                label={t('organisation')}
                value={item.organisation}
                error={wrong(`education.${index}.organisation`)}
                wrapperProps={{ 'data-wide': true }}
                onChange={(event) => change({ organisation: event.currentTarget.value })}
              />
              <TextInput
                label={t('degree')}
                value={item.degree}
                error={wrong(`education.${index}.degree`)}
                onChange={(event) => change({ degree: event.currentTarget.value })}
              />
              <TextInput
                label={t('area')}
                value={item.area}
                error={wrong(`education.${index}.area`)}
                onChange={(event) => change({ area: event.currentTarget.value })}
              />
              <Span item={item} path={`education.${index}`} wrong={wrong} onChange={change} />
            </>
          )}
        </Repeater>
      </Section>
    </>
  );
}

/** Where someone worked and learned. */
import type { FieldSpec } from '~/ui/field-spec';
import { ItemFields } from '~/ui/item-fields';
import { useTexts } from '~/ui/texts';
import type { RecordForm } from '~/ui/use-record-form';

import type { ProfileFields } from './profile-fields';
import { profileTexts } from './texts';

interface Spanned {
  start: string;
  end: string | null;
  url: string | null;
}

export function ProfileHistory({ form }: { form: RecordForm<ProfileFields> }) {
  const t = useTexts(profileTexts);
  const span: FieldSpec<Spanned>[] = [
    { name: 'start', label: t('start'), placeholder: t('startHint') },
    { name: 'end', label: t('end'), placeholder: t('endHint'), isNullable: true },
    { name: 'url', label: t('url'), as: 'url', isNullable: true, isWide: true },
  ];
  return (
    <>
      <ItemFields
        form={form}
        name="experience"
        title={t('experience')}
        addText={t('addExperience')}
        blank={{
          organisation: '',
          role: '',
          start: '',
          end: null as string | null,
          summary: '',
          url: null as string | null,
          highlights: [] as string[],
        }}
        of={[
          { name: 'role', label: t('role') },
          { name: 'organisation', label: t('organisation') },
          ...span,
          { name: 'summary', label: t('summary'), as: 'text', isWide: true },
          { name: 'highlights', label: t('highlights'), hint: t('linesHint'), as: 'lines', isWide: true },
        ]}
      />
      <ItemFields
        form={form}
        name="education"
        title={t('education')}
        addText={t('addEducation')}
        blank={{
          organisation: '',
          area: '',
          degree: '',
          start: '',
          end: null as string | null,
          url: null as string | null,
          score: '',
          courses: [] as string[],
        }}
        of={[
          { name: 'organisation', label: t('organisation'), isWide: true },
          { name: 'degree', label: t('degree') },
          { name: 'area', label: t('area') },
          ...span,
          { name: 'score', label: t('score'), isWide: true },
          { name: 'courses', label: t('courses'), hint: t('linesHint'), as: 'lines', isWide: true },
        ]}
      />
    </>
  );
}

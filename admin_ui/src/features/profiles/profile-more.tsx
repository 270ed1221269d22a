/** What else a résumé holds: certificates, talks, writings, prizes, engagements, languages. */
import type { FieldSpec } from '~/ui/field-spec';
import { ItemFields } from '~/ui/item-fields';
import { useTexts } from '~/ui/texts';
import type { RecordForm } from '~/ui/use-record-form';

import { moreTexts } from './more-texts';
import type { ProfileFields } from './profile-fields';
import { profileTexts } from './texts';

interface Dated {
  date: string | null;
  url: string | null;
}

export function ProfileMore({ form }: { form: RecordForm<ProfileFields> }) {
  const t = useTexts(moreTexts);
  const p = useTexts(profileTexts);
  const date: FieldSpec<Dated> = {
    name: 'date',
    label: t('date'),
    placeholder: t('dateHint'),
    isNullable: true,
  };
  const url: FieldSpec<Dated> = { name: 'url', label: t('url'), as: 'url', isNullable: true };
  const summary = { name: 'summary', label: t('summary'), as: 'text', isWide: true } as const;
  return (
    <>
      <ItemFields
        form={form}
        name="certificates"
        title={t('certificates')}
        addText={t('addCertificate')}
        blank={{ name: '', issuer: '', date: null, url: null }}
        of={[
          { name: 'name', label: t('certificate') },
          { name: 'issuer', label: t('issuer') },
          date,
          url,
        ]}
      />
      <ItemFields
        form={form}
        name="talks"
        title={t('talks')}
        addText={t('addTalk')}
        blank={{ title: '', event: '', date: null, url: null, summary: '' }}
        of={[{ name: 'title', label: t('talk') }, { name: 'event', label: t('event') }, date, url, summary]}
      />
      <ItemFields
        form={form}
        name="publications"
        title={t('publications')}
        addText={t('addPublication')}
        blank={{ name: '', publisher: '', date: null, url: null, summary: '' }}
        of={[
          { name: 'name', label: t('publication') },
          { name: 'publisher', label: t('publisher') },
          date,
          url,
          summary,
        ]}
      />
      <ItemFields
        form={form}
        name="awards"
        title={t('awards')}
        addText={t('addAward')}
        blank={{ title: '', awarder: '', date: null as string | null, summary: '' }}
        of={[
          { name: 'title', label: t('award') },
          { name: 'awarder', label: t('awarder') },
          { name: 'date', label: t('date'), placeholder: t('dateHint'), isNullable: true },
          summary,
        ]}
      />
      <ItemFields
        form={form}
        name="volunteer"
        title={t('volunteer')}
        addText={t('addVolunteer')}
        blank={{
          organisation: '',
          role: '',
          start: null as string | null,
          end: null as string | null,
          summary: '',
          url: null as string | null,
          highlights: [] as string[],
        }}
        of={[
          { name: 'role', label: p('role') },
          { name: 'organisation', label: p('organisation') },
          { name: 'start', label: p('start'), placeholder: p('startHint'), isNullable: true },
          { name: 'end', label: p('end'), placeholder: p('endHint'), isNullable: true },
          { name: 'url', label: p('url'), as: 'url', isNullable: true, isWide: true },
          summary,
          { name: 'highlights', label: p('highlights'), hint: p('linesHint'), as: 'lines', isWide: true },
        ]}
      />
      <ItemFields
        form={form}
        name="languages"
        title={t('languages')}
        addText={t('addLanguage')}
        blank={{ language: '', fluency: '' }}
        of={[
          { name: 'language', label: t('language') },
          { name: 'fluency', label: t('fluency') },
        ]}
      />
    </>
  );
}

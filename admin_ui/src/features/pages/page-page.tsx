/** One page: its text as Markdown, and what search engines say of it. */
import { pages } from '~/data/desks';
import type { PageAdmin } from '~/data/desks';
import { Fields } from '~/ui/fields';
import { PublishMenu } from '~/ui/publish-menu';
import { RecordScreen } from '~/ui/record-screen';
import { Section } from '~/ui/section';
import { TextEditor } from '~/ui/text-editor';
import { useTexts } from '~/ui/texts';
import { useLanguages } from '~/ui/use-languages';
import { useMay } from '~/ui/use-may';

import { pageTexts } from './texts';

interface PageFields {
  title: string;
  slug: string;
  lang: string | null;
  markdown: string;
  seo_title: string;
  description: string;
  canonical_url: string | null;
  no_index: boolean;
}

const PATHS = {
  seo_title: 'seo.title',
  description: 'seo.description',
  canonical_url: 'seo.canonical_url',
  no_index: 'seo.no_index',
};

const BLANK: PageFields = {
  title: '',
  slug: '',
  lang: null,
  markdown: '',
  seo_title: '',
  description: '',
  canonical_url: null,
  no_index: false,
};

function read({ title, slug, lang, markdown, seo }: PageAdmin): PageFields {
  const { description, canonical_url, no_index } = seo;
  return { title, slug, lang, markdown, seo_title: seo.title, description, canonical_url, no_index };
}

function sent(value: PageFields): Record<string, unknown> {
  const { title, slug, lang, markdown, seo_title, description, canonical_url, no_index } = value;
  const seo = { title: seo_title, description, canonical_url, no_index };
  return { title, slug: slug || null, ...(lang && { lang }), markdown, seo };
}

export function PagePage() {
  const t = useTexts(pageTexts);
  const may = useMay();
  const languages = useLanguages();
  return (
    <RecordScreen
      store={pages}
      idOf={(stored) => stored.id}
      path="/pages/$id"
      backTo="/pages"
      backText={t('all')}
      title={(value) => value.title || t('new')}
      blank={BLANK}
      isKept
      read={read}
      paths={PATHS}
      sent={sent}
      isReadOnly={!may('pages:write')}
      actions={(stored, form) => (
        <PublishMenu
          desk={pages}
          stored={stored}
          listPath="/pages"
          publishes="pages:publish"
          purges="pages:purge"
          form={form}
        />
      )}
    >
      {(form, stored) => (
        <>
          <Fields form={form} of={[{ name: 'title', label: t('titleField') }]} />
          <TextEditor
            label={t('body')}
            text={form.value.markdown}
            lang={form.value.lang ?? languages[0]?.value ?? 'en'}
            isReadOnly={!may('pages:write') || stored?.status === 'trashed'}
            error={form.wrong('markdown')}
            onChange={(markdown) => form.set({ markdown })}
          />
          <Section title={t('subject')} hint={t('subjectHint')}>
            <Fields
              form={form}
              inPairs
              of={[
                { name: 'slug', label: t('slug'), placeholder: t('slugHint') },
                { name: 'lang', label: t('lang'), as: 'choice', options: languages },
              ]}
            />
          </Section>
          <Section title={t('search')} hint={t('searchHint')}>
            <Fields
              form={form}
              of={[
                { name: 'seo_title', label: t('seoTitle') },
                { name: 'description', label: t('description'), as: 'text' },
                { name: 'canonical_url', label: t('canonical'), as: 'url', isNullable: true },
                { name: 'no_index', label: t('noIndex'), as: 'switch' },
              ]}
            />
          </Section>
        </>
      )}
    </RecordScreen>
  );
}

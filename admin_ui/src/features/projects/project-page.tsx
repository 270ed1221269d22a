/** One project: its story, what it is made of, and where it is to be seen. */
import { projects } from '~/data/desks';
import { Fields } from '~/ui/fields';
import { ImageField } from '~/ui/image-field';
import { ItemFields } from '~/ui/item-fields';
import { PublishMenu } from '~/ui/publish-menu';
import { RecordScreen } from '~/ui/record-screen';
import { Section } from '~/ui/section';
import { TextEditor } from '~/ui/text-editor';
import { useTexts } from '~/ui/texts';
import { useLanguages } from '~/ui/use-languages';

import { blankProject, LINK_KINDS, readProject, sentProject, STATES } from './project-fields';
import { ProjectGallery } from './project-gallery';
import { projectTexts } from './texts';

export function ProjectPage() {
  const t = useTexts(projectTexts);
  const languages = useLanguages();
  const main = languages[0]?.value ?? 'en';
  return (
    <RecordScreen
      store={projects}
      idOf={(stored) => stored.id}
      path="/projects/$id"
      backTo="/projects"
      backText={t('all')}
      title={(value) => value.title || t('new')}
      blank={blankProject}
      isKept
      read={readProject}
      sent={sentProject}
      actions={(stored, form) => (
        <PublishMenu
          desk={projects}
          stored={stored}
          listPath="/projects"
          publishes="projects:publish"
          purges="projects:purge"
          form={form}
        />
      )}
    >
      {(form, stored) => (
        <>
          <Fields
            form={form}
            of={[
              { name: 'title', label: t('titleField') },
              { name: 'summary', label: t('summary'), as: 'text' },
            ]}
          />
          <TextEditor
            label={t('body')}
            text={form.value.markdown}
            lang={form.value.lang ?? main}
            isReadOnly={stored?.status === 'trashed'}
            error={form.wrong('markdown')}
            onChange={(markdown) => form.set({ markdown })}
          />
          <Section title={t('facts')} hint={t('factsHint')}>
            <Fields
              form={form}
              inPairs
              of={[
                { name: 'role', label: t('role') },
                {
                  name: 'project_status',
                  label: t('state'),
                  as: 'choice',
                  options: STATES.map((value) => ({ value, label: t(value) })),
                },
                { name: 'started_on', label: t('started'), as: 'date', isNullable: true },
                { name: 'ended_on', label: t('ended'), as: 'date', isNullable: true },
                { name: 'technologies', label: t('technologies'), as: 'words', isWide: true },
                { name: 'slug', label: t('slug'), placeholder: t('slugHint') },
                { name: 'lang', label: t('lang'), as: 'choice', options: languages },
                { name: 'position', label: t('position'), as: 'number' },
                { name: 'featured', label: t('featured'), as: 'switch' },
              ]}
            />
          </Section>
          <ItemFields
            form={form}
            name="links"
            title={t('links')}
            addText={t('addLink')}
            blank={{ kind: 'website', url: '' }}
            of={[
              {
                name: 'kind',
                label: t('kind'),
                as: 'choice',
                options: LINK_KINDS.map((value) => ({ value, label: t(value) })),
              },
              { name: 'url', label: t('url'), as: 'url' },
            ]}
          />
          <Section title={t('pictures')}>
            <ImageField
              label={t('cover')}
              value={form.value.cover_id}
              error={form.wrong('cover_id')}
              onChange={(cover_id) => form.set({ cover_id })}
            />
            <ProjectGallery
              ids={form.value.gallery_ids}
              lang={form.value.lang ?? main}
              onChange={(gallery_ids) => form.set({ gallery_ids })}
            />
          </Section>
        </>
      )}
    </RecordScreen>
  );
}

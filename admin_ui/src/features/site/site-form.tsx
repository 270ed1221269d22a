/** What is true for the whole site. */
import { Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';

import { remember } from '~/data/remember';
import { changeSite, siteQuery } from '~/data/site';
import type { SiteAdmin } from '~/data/site';
import { orderedPills } from '~/ui/ordered-pills';
import { Page } from '~/ui/page';
import { Repeater } from '~/ui/repeater';
import { SaveBar } from '~/ui/save-bar';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import { useRecordForm } from '~/ui/use-record-form';

import { SiteAddresses } from './site-addresses';
import { SiteChecks } from './site-checks';
import { readSite, sentSite } from './site-fields';
import { siteTexts } from './texts';

import '~/ui/mantine-forms.css';


const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

export function SiteForm({ stored }: { stored: SiteAdmin }) {
  const t = useTexts(siteTexts);
  const queryClient = useQueryClient();
  const form = useRecordForm({
    stored,
    read: readSite,
    paths: {
      title_suffix: 'seo.title_suffix',
      seo_description: 'seo.description',
      background: 'colors.background',
      ink: 'colors.text',
      accent: 'colors.accent',
    },
    blank: readSite(stored),
    send: (value, held) => changeSite(held?.revision ?? 0, sentSite(value, held ?? stored)),
    onStored: (saved) => remember(queryClient, siteQuery.queryKey, saved),
  });
  const { value, set, wrong } = form;
  return (
    <Page title={t('title')} actions={<SaveBar form={form} />}>
      <Section title={t('general')} hint={t('generalHint')}>
        <TextInput
          label={t('siteTitle')}
          value={value.title}
          error={wrong('title')}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        <Textarea
          label={t('description')}
          value={value.description}
          error={wrong('description')}
          autosize
          minRows={2}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <TagsInput
          {...orderedPills}
          label={t('languages')}
          description={t('languagesHint')}
          value={value.languages}
          error={wrong('languages') ?? wrong('languages.0')}
          onChange={(languages) => set({ languages })}
        />
        <TagsInput
          {...orderedPills}
          label={t('fallback')}
          description={t('fallbackHint')}
          data={value.languages}
          value={value.fallback_languages}
          error={wrong('fallback_languages') ?? wrong('fallback_languages.0')}
          onChange={(fallback_languages) => set({ fallback_languages })}
        />
        <Select
          label={t('timeZone')}
          description={t('timeZoneHint')}
          data={ZONES.includes(value.time_zone) ? ZONES : [value.time_zone, ...ZONES]}
          value={value.time_zone}
          error={wrong('time_zone')}
          allowDeselect={false}
          searchable
          limit={60}
          onChange={(zone) => zone && set({ time_zone: zone })}
        />
        <TextInput
          label={t('preview')}
          type="url"
          value={value.preview_url ?? ''}
          error={wrong('preview_url')}
          onChange={(event) => set({ preview_url: event.currentTarget.value || null })}
        />
      </Section>
      <Section title={t('navigation')} hint={t('navigationHint')}>
        <Repeater
          label={t('navigation')}
          items={value.navigation}
          blank={{ label: '', url: '/' }}
          addText={t('addPlace')}
          onChange={(navigation) => set({ navigation })}
        >
          {(item, change, index) => (
            <>
              <TextInput
                label={t('label')}
                value={item.label}
                error={wrong(`navigation.${index}.label`)}
                onChange={(event) => change({ label: event.currentTarget.value })}
              />
              <TextInput
                label={t('target')}
                placeholder={t('targetHint')}
                value={item.url}
                error={wrong(`navigation.${index}.url`)}
                onChange={(event) => change({ url: event.currentTarget.value })}
              />
            </>
          )}
        </Repeater>
      </Section>
      <Section title={t('social')} hint={t('socialHint')}>
        <Repeater
          label={t('social')}
          items={value.social_links}
          blank={{ kind: 'github', url: '', label: '' }}
          addText={t('addLink')}
          onChange={(social_links) => set({ social_links })}
        >
          {(item, change, index) => (
            <>
              <TextInput
                label={t('kind')}
                value={item.kind}
                error={wrong(`social_links.${index}.kind`)}
                onChange={(event) => change({ kind: event.currentTarget.value })}
              />
              <TextInput
                label={t('label')}
                value={item.label}
                error={wrong(`social_links.${index}.label`)}
                onChange={(event) => change({ label: event.currentTarget.value })}
              />
              <TextInput
                label={t('url')}
                wrapperProps={{ 'data-wide': true }}
                value={item.url}
                error={wrong(`social_links.${index}.url`)}
                onChange={(event) => change({ url: event.currentTarget.value })}
              />
            </>
          )}
        </Repeater>
      </Section>
      <SiteAddresses form={form} />
      <SiteChecks form={form} />
    </Page>
  );
}

/** Who an author is: name and sentence, bio, links, what they can and where they were. */
import { Button, Menu, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import {
  changeProfile,
  profileQuery,
  profilesQuery,
  profileUsage,
  removeProfile,
  showProfile,
  startProfile,
} from '~/data/profiles';
import type { ProfileAdmin } from '~/data/profiles';
import { remember } from '~/data/remember';
import { siteQuery } from '~/data/site';
import { Alarm } from '~/ui/alarm';
import { BackLink } from '~/ui/back-link';
import { Icon } from '~/ui/icon';
import { ImageField } from '~/ui/image-field';
import { Page } from '~/ui/page';
import { Removal } from '~/ui/removal';
import { SaveBar } from '~/ui/save-bar';
import { Section } from '~/ui/section';
import { StatusBadge } from '~/ui/status-badge';
import { useLang, useTexts } from '~/ui/texts';
import { useRecordForm } from '~/ui/use-record-form';
import { useLeading } from '~/ui/use-leading';

import { blankProfile, readProfile, sentProfile } from './profile-fields';
import classes from './profile-form.module.css';
import { moreTexts } from './more-texts';
import { ProfileHistory } from './profile-history';
import { ProfileLinks } from './profile-links';
import { ProfileMore } from './profile-more';
import { ProfileSkills } from './profile-skills';
import { ResumeImport } from './resume-import';
import { profileTexts } from './texts';

import '~/ui/mantine-forms.css';

interface Props {
  stored: ProfileAdmin | null;
  /** Told of the address that it is about to get. */
  onAddress: (id: string) => void;
}

export function ProfileForm({ stored, onAddress }: Props) {
  const t = useTexts(profileTexts);
  const m = useTexts(moreTexts);
  const { lang } = useLang();
  const lead = useLeading();
  const queryClient = useQueryClient();
  const { data: site } = useQuery(siteQuery);
  const [isAsked, ask] = useDisclosure();
  const [isImporting, importing] = useDisclosure();
  const { data: others } = useQuery({ ...profilesQuery, enabled: isAsked });

  function onStored(saved: ProfileAdmin) {
    remember(queryClient, profileQuery(saved.id).queryKey, saved);
    void queryClient.invalidateQueries({ queryKey: ['profiles'], exact: true });
    const params = { profileId: saved.id };
    if (!stored) {
      void lead({ to: '/profiles/$profileId', params, replace: true, ignoreBlocker: true });
    }
  }

  const form = useRecordForm({
    stored,
    read: readProfile,
    blank: blankProfile,
    address: `/profiles/${stored?.id ?? 'new'}`,
    title: (fields) => fields.name,
    send: (value, held, key) =>
      held
        ? changeProfile(held.id, held.revision, { ...sentProfile(value) })
        : startProfile(sentProfile(value), key),
    onStored: (saved) => {
      if (!stored) onAddress(saved.id);
      onStored(saved);
    },
  });
  const verb = useMutation({
    mutationFn: async (isShown: boolean) => {
      // Readers get what stands on the screen, or nothing: where it was not saved, the form says why.
      const now = isShown ? await form.deliver() : stored;
      return now && showProfile(stored!.id, now.revision, isShown);
    },
    onSuccess: (saved) => saved && onStored(saved),
  });
  const { value, set, wrong } = form;
  const isPublic = stored?.status === 'published';
  const languages = [...new Set([...(site?.languages ?? []), value.lang])];
  const names = new Intl.DisplayNames([lang], { type: 'language' });
  return (
    <Page
      title={value.name || t('new')}
      before={
        <BackLink to="/profiles" label={t('all')} />
      }
      actions={
        <>
          {!form.isDirty && (
            <Button variant="subtle" color="gray" size="compact-sm" onClick={importing.open}>
              {m('import')}
            </Button>
          )}
          {stored && (
            <Menu position="bottom-end" shadow="md">
              <Menu.Target>
                <Button variant="subtle" color="gray" size="compact-sm">
                  <StatusBadge status={stored.status} label={t(isPublic ? 'public' : 'hidden')} />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<Icon name="eye" />} onClick={() => verb.mutate(!isPublic)}>
                  {isPublic ? t('hide') : t('show')}
                </Menu.Item>
                <Menu.Item c="var(--bad)" leftSection={<Icon name="trash" />} onClick={ask.open}>
                  {t('remove')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
          <SaveBar form={form} />
        </>
      }
    >
      <Alarm error={verb.error} />
      <Section title={t('about')} hint={t('aboutHint')}>
        <TextInput
          label={t('name')}
          value={value.name}
          error={wrong('name')}
          required
          withAsterisk={false}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <ImageField
          label={m('avatar')}
          value={value.avatar_id}
          error={wrong('avatar_id')}
          onChange={(avatar_id) => set({ avatar_id })}
        />
        <TextInput
          label={t('headline')}
          value={value.headline}
          error={wrong('headline')}
          onChange={(event) => set({ headline: event.currentTarget.value })}
        />
        <div className={classes.pair}>
          <TextInput
            label={t('location')}
            value={value.location}
            error={wrong('location')}
            onChange={(event) => set({ location: event.currentTarget.value })}
          />
          <NumberInput
            label={t('since')}
            value={value.since ?? ''}
            error={wrong('since')}
            hideControls
            allowDecimal={false}
            onChange={(next) => set({ since: next === '' ? null : Number(next) })}
          />
          <TextInput
            label={t('slug')}
            placeholder={t('slugHint')}
            value={value.slug}
            error={wrong('slug')}
            onChange={(event) => set({ slug: event.currentTarget.value })}
          />
          <Select
            label={t('lang')}
            value={value.lang}
            allowDeselect={false}
            data={languages.map((tag) => ({ value: tag, label: names.of(tag) ?? tag }))}
            onChange={(next) => next && set({ lang: next })}
          />
        </div>
        <Textarea
          label={t('bio')}
          description={t('bioHint')}
          value={value.bio_markdown}
          error={wrong('bio_markdown')}
          lang={value.lang}
          autosize
          minRows={5}
          maxRows={24}
          onChange={(event) => set({ bio_markdown: event.currentTarget.value })}
        />
      </Section>
      <ProfileLinks form={form} />
      <ProfileSkills form={form} />
      <ProfileHistory form={form} />
      <ProfileMore form={form} />
      {isImporting && (
        <ResumeImport into={stored} onTaken={onStored} onClose={importing.close} />
      )}
      {isAsked && stored && (
        <Removal
          title={`${t('remove')}: ${stored.name}`}
          queryKey={['profiles', 'removal', stored.id]}
          usage={() => profileUsage(stored.id)}
          others={(others ?? [])
            .filter((other) => other.id !== stored.id)
            .map(({ slug, name }) => ({ value: slug, label: name }))}
          remove={(fate) => removeProfile(stored.id, stored.revision, fate)}
          onGone={() => {
            ask.close();
            form.discard();
            void lead({ to: '/profiles', ignoreBlocker: true });
            void queryClient.invalidateQueries({ queryKey: ['profiles'], exact: true });
          }}
          onClose={ask.close}
        />
      )}
    </Page>
  );
}

import { Select, TextInput } from '@mantine/core';

import { Repeater } from '~/ui/repeater';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import type { RecordForm } from '~/ui/use-record-form';

import type { ProfileFields } from './profile-fields';
import { profileTexts } from './texts';


const KINDS: { value: string; label: string }[] = [
  ['website', 'Website'],
  ['github', 'GitHub'],
  ['gitlab', 'GitLab'],
  ['linkedin', 'LinkedIn'],
  ['mastodon', 'Mastodon'],
  ['bluesky', 'Bluesky'],
  ['x', 'X'],
  ['instagram', 'Instagram'],
  ['youtube', 'YouTube'],
  ['facebook', 'Facebook'],
  ['telegram', 'Telegram'],
  ['email', 'E-mail'],
  ['other', '…'],
].map(([value, label]) => ({ value: value!, label: label! }));

export function ProfileLinks({ form }: { form: RecordForm<ProfileFields> }) {
  const t = useTexts(profileTexts);
  const { value, set, wrong } = form;
  return (
    <Section title={t('links')}>
      <Repeater
        label={t('links')}
        items={value.links}
        blank={{ kind: 'website', url: '', label: '' }}
        addText={t('addLink')}
        onChange={(links) => set({ links })}
      >
        {(link, change, index) => (
          <>
            <Select
              label={t('kind')}
              data={KINDS}
              value={link.kind}
              allowDeselect={false}
              onChange={(kind) => kind && change({ kind: kind })}
            />
            <TextInput
              label={t('label')}
              value={link.label}
              error={wrong(`links.${index}.label`)}
              onChange={(event) => change({ label: event.currentTarget.value })}
            />
            <TextInput
              label={t('url')}
              value={link.url}
              error={wrong(`links.${index}.url`)}
              wrapperProps={{ 'data-wide': true }}
              onChange={(event) => change({ url: event.currentTarget.value })}
            />
          </>
        )}
      </Repeater>
    </Section>
  );
}

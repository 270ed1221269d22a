/** Where a page or a project stands, and everything that can become of it. */
import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { recordQuery } from '~/data/records';
import type { Desk, DeskVerb, Published } from '~/data/desks';
import { remember } from '~/data/remember';

import { Alarm } from './alarm';
import { Confirm } from './confirm';
import { Icon } from './icon';
import { MenuDropdown } from './menu-dropdown';
import type { ListPath } from './record-link';
import { recordTexts } from './record-texts';
import { ScheduleDialog } from './schedule-dialog';
import { StatusBadge } from './status-badge';
import { useTexts } from './texts';
import { useMay } from './use-may';
import type { RecordForm } from './use-record-form';
import { useLeading } from './use-leading';

interface Props<T extends Published, S> {
  desk: Desk<T, S>;
  stored: T;
  listPath: ListPath;
  publishes: 'pages:publish' | 'projects:publish';
  purges: 'pages:purge' | 'projects:purge';
  /** What is typed over it: it goes out with the rest, and goes with what is discarded. */
  form: Pick<RecordForm<never>, 'isDirty' | 'isSaving' | 'deliver' | 'discard'>;
}

const ASKED = ['unpublish', 'discard', 'purge'] as const;
type Asked = (typeof ASKED)[number];

export function PublishMenu<T extends Published, S>(props: Props<T, S>) {
  const { desk, stored, listPath, form } = props;
  const t = useTexts(recordTexts);
  const may = useMay();
  const lead = useLeading();
  const queryClient = useQueryClient();
  const [asked, ask] = useState<Asked | 'schedule' | null>(null);
  const act = useMutation({
    mutationFn: async ({ verb, at = null }: { verb: DeskVerb; at?: string | null }) => {
      // Readers get what stands on the screen, or nothing: where it was not saved, the form says why.
      const now = verb === 'publish' ? await form.deliver() : stored;
      return now ? desk.apply(verb, stored.id, now.revision, at) : undefined;
    },
    onSuccess: async (saved, { verb }) => {
      if (saved === undefined) return;
      if (verb === 'discard' || verb === 'purge') form.discard();
      if (saved) remember(queryClient, recordQuery(desk, stored.id).queryKey, saved);
      else await lead({ to: listPath, ignoreBlocker: true });
      await queryClient.invalidateQueries({ queryKey: [desk.name, 'list'] });
    },
  });
  const { status } = stored;
  const isLive = status === 'published';
  const isTrashed = status === 'trashed';
  const canPublish = may(props.publishes) && !isTrashed;
  const item = (verb: DeskVerb, text: keyof typeof recordTexts.en, icon: 'check' | 'eye' | 'restore') => (
    <Menu.Item
      leftSection={<Icon name={icon} />}
      onClick={() => (ASKED.includes(verb as Asked) ? ask(verb as Asked) : act.mutate({ verb }))}
    >
      {t(text)}
    </Menu.Item>
  );
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={230}>
        <Menu.Target>
          <Button variant="subtle" color="gray" size="compact-sm" loading={act.isPending || form.isSaving}>
            <span className="visually-hidden">{t('more')}: </span>
            <StatusBadge status={status} label={t(status)} />
          </Button>
        </Menu.Target>
        <MenuDropdown>
          {canPublish &&
            (!isLive || stored.has_unpublished_changes || form.isDirty) &&
            item('publish', isLive ? 'publishChanges' : 'publish', 'check')}
          {canPublish && (
            <Menu.Item leftSection={<Icon name="clock" />} onClick={() => ask('schedule')}>
              {t('later')}
            </Menu.Item>
          )}
          {canPublish && isLive && item('unpublish', 'unpublish', 'eye')}
          {isLive && stored.has_unpublished_changes && item('discard', 'discard', 'restore')}
          {isTrashed && item('restore', 'restore', 'restore')}
          {!isTrashed && (
            <Menu.Item
              c="var(--bad)"
              leftSection={<Icon name="trash" />}
              onClick={() => act.mutate({ verb: 'trash' })}
            >
              {t('trash')}
            </Menu.Item>
          )}
          {isTrashed && may(props.purges) && (
            <Menu.Item c="var(--bad)" leftSection={<Icon name="trash" />} onClick={() => ask('purge')}>
              {t('purge')}
            </Menu.Item>
          )}
        </MenuDropdown>
      </Menu>
      <Alarm error={act.error} />
      {asked === 'schedule' && (
        <ScheduleDialog
          onChoose={(at) => {
            act.mutate({ verb: 'publish', at });
            ask(null);
          }}
          onClose={() => ask(null)}
        />
      )}
      {asked && asked !== 'schedule' && (
        <Confirm
          isOpen
          title={t(asked)}
          text={t(`${asked}Ask`)}
          yes={t(asked)}
          no={t('cancel')}
          isDangerous
          onYes={() => {
            act.mutate({ verb: asked });
            ask(null);
          }}
          onNo={() => ask(null)}
        />
      )}
    </>
  );
}

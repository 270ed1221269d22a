/** Now, or at a time on the site's clock. */
import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { siteQuery } from '~/data/site';
import { Dialog } from '~/ui/dialog';
import { MomentField } from '~/ui/moment-field';
import { momentTexts } from '~/ui/moment-texts';
import { useLang, useTexts } from '~/ui/texts';
import { dayAndTime, momentOf, wallTime } from '~/ui/time';
import { useHasPassed } from '~/ui/use-has-passed';

import type { ArticleSession, State } from './article-session';
import { ChecksSummary } from './checks-summary';
import { saveTexts } from './save-texts';
import { editorTexts } from './texts';

interface Props {
  session: ArticleSession;
  state: State;
  isLater?: boolean;
  onClose: () => void;
}

const HOUR = 3_600_000;

export function PublishDialog({ session, state, isLater = false, onClose }: Props) {
  const t = useTexts(editorTexts);
  const s = useTexts(saveTexts);
  const m = useTexts(momentTexts);
  const { lang } = useLang();
  const { data: site } = useQuery(siteQuery);
  const zone = site?.time_zone ?? 'UTC';
  const [when, setWhen] = useState<'now' | 'later'>(isLater ? 'later' : 'now');
  const [wall, setWall] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [soon] = useState(() => new Date(Math.ceil((Date.now() + HOUR) / HOUR) * HOUR));
  const shown = wall ?? wallTime(soon, zone);
  const moment = momentOf(shown, zone);
  const isPast = useHasPassed(moment);
  const date = moment && { when: dayAndTime(moment.toISOString(), lang, zone) };

  async function go() {
    setBusy(true);
    const at = when === 'later' && moment ? moment.toISOString() : null;
    const isDone = await session.apply('publish', { at });
    setBusy(false);
    if (isDone) onClose();
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('publishTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label={t('when')}
          value={when}
          onChange={(value) => setWhen(value)}
          data={[
            { value: 'now', label: t('now') },
            { value: 'later', label: t('publishLater') },
          ]}
        />
        {when === 'later' && (
          <MomentField
            label={t('publishAt')}
            description={t('timeZone', { zone })}
            value={shown}
            onChange={setWall}
            error={moment ? null : t('wrongTime')}
          />
        )}
        <div role="status">
          {when === 'later' && date && (
            <Text size="sm" c={isPast ? undefined : 'dimmed'}>
              {isPast ? m('goneStart', date) : t('scheduledAt', date)}
            </Text>
          )}
        </div>
        <ChecksSummary state={state} />
        {state.problem && <Alert color="red">{s('refused', { why: state.problem.message })}</Alert>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            loading={isBusy}
            disabled={when === 'later' && !moment}
            onClick={() => void go()}
            data-autofocus
          >
            {when === 'now' ? t('publish') : isPast ? m('publishNow') : t('schedule')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

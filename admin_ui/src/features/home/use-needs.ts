/** What somebody should look at: failures, turned-off webhooks, little room, text that never left. */
import { useQuery } from '@tanstack/react-query';

import { factorQuery } from '~/data/account';
import { unsavedForms } from '~/data/form-copies';
import { unsentTitles } from '~/data/local-drafts';
import { roomQuery } from '~/data/media';
import { listQuery } from '~/data/records';
import { webhooks } from '~/data/webhooks';
import { useTexts } from '~/ui/texts';
import { useMay } from '~/ui/use-may';

import { homeTexts } from './texts';

export interface Need {
  key: string;
  words: string;
  to: string;
}

export function useNeeds(): Need[] {
  const t = useTexts(homeTexts);
  const may = useMay();
  const { data: hooks } = useQuery({ ...listQuery(webhooks, {}), enabled: may('webhooks:write') });
  const { data: room } = useQuery(roomQuery);
  const { data: factor } = useQuery(factorQuery);
  const titles = unsentTitles(localStorage);
  return [
    ...(titles.length > 0
      ? [{ key: 'device', words: t('onDevice', { titles: titles.join(', ') }), to: '/articles' }]
      : []),
    ...unsavedForms(localStorage).map(({ address, title }) => ({
      key: address,
      words: t('formOnDevice', { title }),
      to: address,
    })),
    ...(hooks?.items ?? []).flatMap(({ id, name, failing_since: since, disabled_because: why }) => {
      if (why) return [{ key: id, words: t('turnedOff', { name, why }), to: `/webhooks/${id}` }];
      return since ? [{ key: id, words: t('failedDeliveries', { name }), to: `/webhooks/${id}` }] : [];
    }),
    ...(room && room.failed > 0
      ? [{ key: 'media', words: t('failedMedia', { n: room.failed }), to: '/media' }]
      : []),
    ...(room?.is_low ? [{ key: 'room', words: t('lowRoom'), to: '/media' }] : []),
    ...(factor && !factor.is_on ? [{ key: 'factor', words: t('noFactor'), to: '/account' }] : []),
  ];
}

/** What happened, and by whom. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { listAudit } from '~/api';
import type { Audit } from '~/api';

import { answer } from './problem';
import type { Filter, Paged } from './records';

export type { Audit } from '~/api';

export const auditQuery = ({ item, cursor }: Filter) =>
  queryOptions({
    queryKey: ['audit', item ?? '', cursor ?? ''],
    queryFn: (): Promise<Paged<Audit>> =>
      answer(listAudit({ query: { limit: 40, ...(item && { item }), ...(cursor && { cursor }) } })),
    placeholderData: keepPreviousData,
  });

/** Whether the person who is signed in may do something, as far as the table of roles says. */
import { useSuspenseQuery } from '@tanstack/react-query';

import { may } from '~/data/permissions';
import type { Permission } from '~/data/permissions';
import { sessionQuery } from '~/data/session';

export function useMay(): (permission: Permission) => boolean {
  const { data: person } = useSuspenseQuery(sessionQuery);
  return (permission) => may(person.role, permission);
}

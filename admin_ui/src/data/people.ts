/** Everybody's accounts, invitations, and the rule about second factors. */
import { queryOptions } from '@tanstack/react-query';

import {
  changeRole,
  createInvitation,
  createResetLink,
  deleteInvitation,
  disableAccount,
  enableAccount,
  endSessionsOfAccount,
  eraseAccount,
  getAccountPolicy,
  listAccounts,
  listInvitations,
  transferOwnership,
  updateAccountPolicy,
} from '~/api';
import type {
  AccountRow,
  Invitation,
  InvitationInput,
  InvitationMade,
  Policy,
  ResetLink,
  Role,
} from '~/api';

import { answer } from './problem';
import { ifMatch } from './revision';

export type { AccountRow, Invitation, InvitationMade, ResetLink } from '~/api';

export const accountsQuery = queryOptions({
  queryKey: ['accounts', 'list'],
  queryFn: async (): Promise<AccountRow[]> => (await answer(listAccounts())).items,
});
export const invitationsQuery = queryOptions({
  queryKey: ['accounts', 'invitations'],
  queryFn: async (): Promise<Invitation[]> => (await answer(listInvitations())).items,
});
export const policyQuery = queryOptions({
  queryKey: ['accounts', 'policy'],
  queryFn: (): Promise<Policy> => answer(getAccountPolicy()),
});

export const invite = (body: InvitationInput): Promise<InvitationMade> =>
  answer(createInvitation({ body }));
export const withdraw = (id: string): Promise<unknown> =>
  answer(deleteInvitation({ path: { invitation_id: id } }));
export const giveRole = (id: string, role: Role): Promise<AccountRow> =>
  answer(changeRole({ path: { account_id: id }, body: { role } }));
export const resetLink = (id: string): Promise<ResetLink> =>
  answer(createResetLink({ path: { account_id: id } }));
export const requireFactor = (revision: number, isRequired: boolean): Promise<Policy> =>
  answer(updateAccountPolicy({ headers: ifMatch(revision), body: { second_factor_required: isRequired } }));

export type AccountVerb = 'disable' | 'enable' | 'endSessions' | 'erase' | 'transfer';

export function applyToAccount(verb: AccountVerb, id: string): Promise<unknown> {
  const path = { account_id: id };
  switch (verb) {
    case 'disable':
      return answer(disableAccount({ path }));
    case 'enable':
      return answer(enableAccount({ path }));
    case 'endSessions':
      return answer(endSessionsOfAccount({ path }));
    case 'erase':
      return answer(eraseAccount({ path }));
    case 'transfer':
      return answer(transferOwnership({ path }));
  }
}

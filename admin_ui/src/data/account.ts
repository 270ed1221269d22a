/** One's own account: sessions, password, second factor; and the links that open without one. */
import { queryOptions } from '@tanstack/react-query';

import {
  askForPasswordReset,
  beginSecondFactor,
  changePassword,
  confirmEmail,
  confirmSecondFactor,
  deleteOneSession,
  deleteOtherSessions,
  getSecondFactor,
  listSessions,
  removeSecondFactor,
  resetPassword,
} from '~/api';
import type { Enrolment, PasswordInput, ResetInput } from '~/api';

import { answer } from './problem';

export type { Enrolment, SessionRow } from '~/api';

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await answer(listSessions())).items,
});
export const factorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: () => answer(getSecondFactor()),
});

export const endSession = (id: string): Promise<unknown> =>
  answer(deleteOneSession({ path: { session_id: id } }));
export const endOtherSessions = (): Promise<unknown> => answer(deleteOtherSessions());
export const setPassword = (body: PasswordInput): Promise<unknown> => answer(changePassword({ body }));
export const beginFactor = (): Promise<Enrolment> => answer(beginSecondFactor());
export const removeFactor = (): Promise<unknown> => answer(removeSecondFactor());
export const confirmFactor = async (code: string): Promise<string[]> =>
  (await answer(confirmSecondFactor({ body: { code } }))).recovery_codes;

export const askForReset = async (email: string): Promise<boolean> =>
  (await answer(askForPasswordReset({ body: { email } }))).by_mail;
export const choosePassword = (body: ResetInput): Promise<unknown> => answer(resetPassword({ body }));
export const confirmAddress = (token: string): Promise<unknown> => answer(confirmEmail({ body: { token } }));

/** The secret that a mailed link carries in its fragment. */
export const linkToken = (): string | null =>
  new URLSearchParams(window.location.hash.slice(1)).get('token');

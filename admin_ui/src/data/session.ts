/** Who is signed in, the CSRF token of the session, and whether the session ran out meanwhile. */
import { queryOptions } from '@tanstack/react-query';

import {
  acceptInvitation,
  createFirstOwner,
  createSession,
  createSessionByCode,
  deleteSession,
  getSession,
} from '~/api';
import type { AcceptInput, Account, Session, SetupInput, SignIn } from '~/api';
import { client } from '~/api/client.gen';

import { answer } from './problem';
import { prove } from './proof';

/** Who is signed in, and what the session still lacks before it opens anything. */
export type Person = Account & { lacks: Session['lacks'] };

const SAFE = new Set(['GET', 'HEAD']);
const DOORS = [
  '/api/v1/admin/session',
  '/api/v1/admin/session/code',
  '/api/v1/admin/setup',
  '/api/v1/admin/invitations/accept',
];
const listeners = new Set<() => void>();
let csrf = '';
let isOver = false;

function setOver(value: boolean): void {
  if (isOver === value) return;
  isOver = value;
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`: true once the server no longer knows the session of this page. */
export const expiry = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: (): boolean => isOver,
};

function entered(found: { account: Account; csrf_token: string | null; lacks: Session['lacks'] }): Person {
  if (found.lacks !== 'code') {
    csrf = found.csrf_token ?? '';
    setOver(false);
  }
  return { ...found.account, lacks: found.lacks };
}

async function knock(): Promise<Person> {
  return entered(await answer(getSession()));
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: knock,
  staleTime: Infinity,
  retry: false,
});

export const signIn = async (body: SignIn): Promise<Person> =>
  entered(await answer(createSession({ body })));

export const sendCode = async (code: string): Promise<Person> =>
  entered(await answer(createSessionByCode({ body: { code } })));

export const setUp = async (body: SetupInput): Promise<Person> =>
  entered(await answer(createFirstOwner({ body })));

export const join = async (body: AcceptInput): Promise<Person> =>
  entered(await answer(acceptInvitation({ body })));

export async function signOut(): Promise<void> {
  await answer(deleteSession());
  csrf = '';
}

/**
 * `fetch` with the CSRF token on writes, renewed once when another tab started a new session; where
 * the password has to be typed again first, it is asked for and the request goes on.
 */
async function guardedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const isDoor = request.method === 'POST' && DOORS.includes(new URL(request.url).pathname);
  let response = await send(request);
  if (response.status === 403 && !SAFE.has(request.method)) {
    const code = await codeOf(response);
    if (code === 'csrf') {
      await knock();
      response = await send(request);
    } else if (code === 'reauthentication_required' && (await prove())) {
      response = await send(request);
    }
  }
  if (response.status === 401 && !isDoor && csrf !== '') setOver(true);
  return response;
}

function send(request: Request): Promise<Response> {
  const copy = request.clone();
  if (!SAFE.has(copy.method) && csrf !== '') copy.headers.set('X-CSRF-Token', csrf);
  return fetch(copy);
}

/** For the one kind of request that `fetch` can't make: an upload that tells how far it is. */
export const uploadHeaders = (): Record<string, string> => (csrf === '' ? {} : { 'X-CSRF-Token': csrf });

/** What such a request was answered, so that an ended session is noticed. */
export function noticeStatus(status: number): void {
  if (status === 401 && csrf !== '') setOver(true);
}

async function codeOf(response: Response): Promise<unknown> {
  try {
    return ((await response.clone().json()) as { code?: unknown }).code;
  } catch {
    return undefined;
  }
}

export function connect(): void {
  client.setConfig({ baseUrl: window.location.origin, fetch: guardedFetch });
}

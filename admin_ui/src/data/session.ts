/** Who is signed in, the CSRF token of the session, and whether the session ran out meanwhile. */
import { queryOptions } from '@tanstack/react-query';

import { createFirstOwner, createSession, deleteSession, getSession } from '~/api';
import type { Account, SetupInput, SignIn } from '~/api';
import { client } from '~/api/client.gen';

import { answer } from './problem';

const SAFE = new Set(['GET', 'HEAD']);
const DOORS = ['/api/v1/admin/session', '/api/v1/admin/setup'];
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

async function knock(): Promise<Account> {
  const found = await answer(getSession());
  csrf = found.csrf_token ?? '';
  setOver(false);
  return found.account;
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: knock,
  staleTime: Infinity,
  retry: false,
});

export async function signIn(body: SignIn): Promise<Account> {
  const found = await answer(createSession({ body }));
  csrf = found.csrf_token;
  setOver(false);
  return found.account;
}

export async function setUp(body: SetupInput): Promise<Account> {
  const found = await answer(createFirstOwner({ body }));
  csrf = found.csrf_token;
  setOver(false);
  return found.account;
}

export async function signOut(): Promise<void> {
  await answer(deleteSession());
  csrf = '';
}

/** `fetch` with the CSRF token on writes, renewed once when another tab started a new session. */
async function guardedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const isDoor = request.method === 'POST' && DOORS.includes(new URL(request.url).pathname);
  let response = await send(request);
  if (response.status === 403 && !SAFE.has(request.method) && (await codeOf(response)) === 'csrf') {
    await knock();
    response = await send(request);
  }
  if (response.status === 401 && !isDoor && csrf !== '') setOver(true);
  return response;
}

function send(request: Request): Promise<Response> {
  const copy = request.clone();
  if (!SAFE.has(copy.method) && csrf !== '') copy.headers.set('X-CSRF-Token', csrf);
  return fetch(copy);
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

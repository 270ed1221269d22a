/** Typing the password again before what is dangerous: who asks waits until the dialog is done. */
import { reauthenticate } from '~/api';

import { answer } from './problem';

type Settle = (isProven: boolean) => void;

const listeners = new Set<() => void>();
let waiting: Settle[] = [];

function told(): void {
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`: true while somebody waits for the proof. */
export const proof = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: (): boolean => waiting.length > 0,
};

/** True once the password was typed, false when the person would rather not. */
export function prove(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting = [...waiting, resolve];
    told();
  });
}

export function settle(isProven: boolean): void {
  const asked = waiting;
  waiting = [];
  told();
  for (const resolve of asked) resolve(isProven);
}

export async function typeAgain(body: { password: string; code?: string }): Promise<void> {
  await answer(reauthenticate({ body }));
  settle(true);
}

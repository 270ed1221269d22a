import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';

import { remember } from './remember';

const KEY = ['pages', 'one', '1'];

/** A load under way that answers when it is let. */
function loading(client: QueryClient) {
  let answer: (found: string) => void = () => undefined;
  const answered = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const loaded = client.fetchQuery({ queryKey: KEY, queryFn: () => answered }).catch(() => 'called off');
  return {
    answers: (found: string) => {
      answer(found);
      return loaded;
    },
  };
}

test('a load that set out before a change does not undo it', async () => {
  const client = new QueryClient();
  client.setQueryData(KEY, 'before');
  const load = loading(client);
  remember(client, KEY, 'after');
  await load.answers('before');
  expect(client.getQueryData(KEY)).toBe('after');
  expect(client.getQueryState(KEY)?.fetchStatus).toBe('idle');
});

test('nor does the first load of all', async () => {
  const client = new QueryClient();
  const load = loading(client);
  remember(client, KEY, 'after');
  await load.answers('before');
  expect(client.getQueryData(KEY)).toBe('after');
});

test('without that, it would', async () => {
  const client = new QueryClient();
  client.setQueryData(KEY, 'before');
  const load = loading(client);
  client.setQueryData(KEY, 'after');
  await load.answers('before');
  expect(client.getQueryData(KEY)).toBe('before');
});

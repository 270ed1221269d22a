/** One's own bearer tokens. */
import { queryOptions } from '@tanstack/react-query';

import { createToken, deleteToken, listTokens } from '~/api';
import type { TokenCreated, TokenInput, Token } from '~/api';

import { answer } from './problem';

export type { TokenCreated, Token } from '~/api';

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async (): Promise<Token[]> => (await answer(listTokens())).items,
});

export const makeToken = (body: TokenInput): Promise<TokenCreated> => answer(createToken({ body }));

export const revokeToken = (id: string): Promise<unknown> =>
  answer(deleteToken({ path: { token_id: id } }));

/** The one place that speaks to the CMS: at build time by its address, in the browser where it is served. */
import { createClient, createConfig, getSite, type ArticlePart, type ArticleSummary, type Site } from '@lontar/client';

declare const process: { env: Record<string, string | undefined> };

export const isBuilding = typeof window === 'undefined';

// In the browser the API stands on the site's own host, unless VITE_LONTAR_API names another.
const baseUrl = isBuilding
  ? (process.env.LONTAR_API ?? 'http://127.0.0.1:8000')
  : ((import.meta.env.VITE_LONTAR_API as string | undefined) ?? '');

export const api = createClient(
  createConfig({
    baseUrl,
    // Asks the CMS whether what the browser kept is still right. Without it, browsers show what is up
    // to five minutes old: the answers allow caches to be stale while they ask.
    cache: 'no-cache',
    ...(isBuilding && import.meta.env.PROD ? { fetch: remembered() } : {}),
  }),
);

interface Answer<T> {
  data: T | undefined;
  error: unknown;
  response?: Response;
}

/** The CMS can't be reached, or says that it can't answer now. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** What was asked for, or null where it does not exist. */
export async function asked<T>(answer: Promise<Answer<T>>): Promise<T | null> {
  const { data, error, response } = await answer;
  if (data !== undefined) return data;
  if (response?.status === 404 || response?.status === 422) return null;
  throw new Unreachable(`The CMS answered ${String(response?.status ?? 'nothing')}.`, { cause: error });
}

/** What was asked for; a list or the site's settings always exist. */
export async function given<T>(answer: Promise<Answer<T>>): Promise<T> {
  const found = await asked(answer);
  if (found === null) throw new Unreachable('The CMS does not know this address.');
  return found;
}

/** The items of a list that was asked for without `fields`: nothing is left out of them. */
export function whole(items: (ArticleSummary | ArticlePart)[]): ArticleSummary[] {
  return items.filter((item): item is ArticleSummary => item.url !== undefined && item.excerpt !== undefined);
}

let known: Promise<Site> | undefined;

/** The site's settings, asked for once for each visit. */
export function site(): Promise<Site> {
  known ??= given(getSite({ client: api })).catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

/** A build asks the same things for many pages: each is fetched once. */
function remembered(): typeof fetch {
  const answers = new Map<string, Promise<Response>>();
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const answer = answers.get(address) ?? fetch(input, init);
    answers.set(address, answer);
    return (await answer).clone();
  };
}

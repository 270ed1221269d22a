// The built client against a CMS at LONTAR_API; tests/sdk/test_client.py starts one and says what is in it.
import assert from 'node:assert/strict';
import test from 'node:test';

import {
  PreviewRefused,
  createClient,
  createConfig,
  getArticle,
  getSite,
  listArticles,
  previewOf,
  readPreview,
  searchSite,
} from '@lontar/client';
import { listArticlesInfiniteOptions, getArticleOptions, getArticleQueryKey } from '@lontar/client/query';
import { QueryClient } from '@tanstack/react-query';

const known = JSON.parse(process.env.LONTAR_KNOWN);
const asked = [];
const client = createClient(
  createConfig({
    baseUrl: process.env.LONTAR_API,
    fetch: (request) => {
      asked.push(request);
      return fetch(request);
    },
  }),
);

test('a list is read cursor by cursor, nothing twice and nothing missed', async () => {
  const slugs = [];
  let cursor;
  do {
    const { data } = await listArticles({ client, query: { limit: 2, cursor }, throwOnError: true });
    slugs.push(...data.items.map((item) => item.slug));
    cursor = data.page.next ?? undefined;
  } while (cursor);
  assert.deepEqual(slugs.toSorted(), known.slugs.toSorted());
});

test('filters arrive as they were meant', async () => {
  const { data } = await listArticles({ client, query: { tag: 'catatan', lang: 'id', featured: true, total: true } });
  assert.deepEqual(data.items.map((item) => item.slug), [known.featured]);
  assert.equal(data.page.total, 1);
});

test('an article comes whole, an old slug leads to it', async () => {
  const { data } = await getArticle({ client, path: { slug: known.old_slug } });
  assert.equal(data.slug, known.featured);
  assert.match(data.html, /<strong>pertama<\/strong>/);
  assert.equal(data.json_ld['@type'], 'BlogPosting');
});

test('a refusal is a problem with a code, or thrown when asked to', async () => {
  const { data, error, response } = await getArticle({ client, path: { slug: 'nothing' } });
  assert.equal(data, undefined);
  assert.equal(error.code, 'not_found');
  assert.equal(response.status, 404);
  await assert.rejects(getArticle({ client, path: { slug: 'nothing' }, throwOnError: true }), { code: 'not_found' });
});

test('the site and its search answer', async () => {
  assert.equal((await getSite({ client })).data.languages[0], 'id');
  const { data } = await searchSite({ client, query: { q: 'pertama' } });
  assert.equal(data.items[0].slug, known.featured);
});

test('a preview link gives the draft, past every cache', async () => {
  const link = previewOf(known.preview, { kind: 'article', slug: known.draft });
  const { kind, item } = await readPreview(link, { client });
  assert.equal(kind, 'article');
  assert.equal(item.title, known.draft_title);
  const request = asked.at(-1);
  assert.equal(request.cache, 'no-store');
  assert.equal(request.referrerPolicy, 'no-referrer');
});

test('the address that the CMS gives names everything by itself', () => {
  const address = 'https://juri.example/preview?kind=project&slug=peta&lang=id&preview=tok';
  assert.deepEqual(previewOf(address), { kind: 'project', slug: 'peta', token: 'tok' });
  assert.equal(previewOf('/preview?kind=invoice&slug=peta&preview=tok'), null);
  assert.equal(previewOf('/articles/peta'), null);
});

test('a link that was revoked is refused, and says so', async () => {
  const link = previewOf(known.revoked, { kind: 'article', slug: known.draft });
  await assert.rejects(readPreview(link, { client }), (error) => {
    assert.ok(error instanceof PreviewRefused);
    assert.equal(error.status, 404);
    assert.equal(error.problem.code, 'not_found');
    return true;
  });
});

test('TanStack Query reads through the options, page after page', async () => {
  const queries = new QueryClient();
  const one = getArticleOptions({ client, path: { slug: known.featured } });
  assert.equal((await queries.fetchQuery(one)).slug, known.featured);
  assert.equal(queries.getQueryData(getArticleQueryKey({ client, path: { slug: known.featured } })).slug, known.featured);
  const list = listArticlesInfiniteOptions({ client, query: { limit: 2 } });
  const { pages } = await queries.fetchInfiniteQuery({
    ...list,
    initialPageParam: {},
    getNextPageParam: (last) => (last.page.next ? { query: { cursor: last.page.next } } : undefined),
    pages: 2,
  });
  assert.deepEqual(
    pages.flatMap((page) => page.items.map((item) => item.slug)),
    known.slugs.slice(0, 4),
  );
});

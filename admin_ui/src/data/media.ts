/** The library of pictures and files. */
import { queryOptions } from '@tanstack/react-query';

import {
  deleteMedia,
  getMedia,
  getMediaStorage,
  getMediaUsage,
  listMedia,
  replaceMedia,
  updateMedia,
  uploadMedia,
} from '~/api';
import type { ListMediaData, MediaAdmin, MediaUsage, Room, UploadResult } from '~/api';

import { answer, Problem } from './problem';
import type { Fate, Store } from './records';
import { ifMatch } from './revision';

export type { MediaAdmin, MediaUsage } from '~/api';

type Query = NonNullable<ListMediaData['query']>;

export const media: Store<MediaAdmin> = {
  name: 'media',
  list: ({ q, kind, state, sort, cursor }) =>
    answer(
      listMedia({
        query: {
          limit: 48,
          ...(q && { q }),
          ...(kind && { kind: kind as NonNullable<Query['kind']> }),
          ...(state && { state: state as NonNullable<Query['state']> }),
          ...(sort && { sort: sort as NonNullable<Query['sort']> }),
          ...(cursor && { cursor }),
        },
      }),
    ),
  load: (id) => answer(getMedia({ path: { media_id: id } })),
  start: () => Promise.reject(new Error('files are uploaded')),
  change: (id, revision, body) =>
    answer(updateMedia({ path: { media_id: id }, headers: ifMatch(revision), body })),
};

export const roomQuery = queryOptions({
  queryKey: ['media', 'room'],
  queryFn: (): Promise<Room> => answer(getMediaStorage()),
});

export const mediaUsage = (id: string): Promise<MediaUsage> =>
  answer(getMediaUsage({ path: { media_id: id } }));

/** One file at a time, so that each has its own end; a refusal is thrown like any other. */
export async function upload(file: File): Promise<UploadResult & { media: MediaAdmin }> {
  const { results } = await answer(uploadMedia({ body: { file: [file] } }));
  const [result] = results;
  if (!result?.media) {
    const { status = 0, code = 'unknown', detail = '' } = result?.problem ?? {};
    throw new Problem(status, code, detail);
  }
  return { ...result, media: result.media };
}

export const replaceFile = (id: string, revision: number, file: File): Promise<MediaAdmin> =>
  answer(replaceMedia({ path: { media_id: id }, headers: ifMatch(revision), body: { file: [file] } }));

export const removeMedia = (id: string, revision: number, fate: Fate): Promise<unknown> =>
  answer(deleteMedia({ path: { media_id: id }, headers: ifMatch(revision), query: fate }));

/** The smallest uncropped version that is wide enough, or the picture itself. */
export function thumbOf(item: MediaAdmin, width = 480): string {
  const fitting = item.variants
    .filter((variant) => variant.crop === '' && variant.width >= width)
    .sort((one, other) => one.width - other.width);
  return fitting[0]?.url ?? item.url;
}

/** What it shows, in this language if it was said in it, or else its name. */
export const altOf = (item: MediaAdmin, lang: string): string =>
  item.alt[lang] || Object.values(item.alt).find(Boolean) || item.name;

export const isPicture = (item: MediaAdmin): boolean => item.mime.startsWith('image/');

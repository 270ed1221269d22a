/** Pictures of the media library: found, looked up, sent with progress, described. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { getMedia, listMedia, updateMedia } from '~/api';
import type { MediaAdmin, MediaPatch, Upload } from '~/api';

import { answer, Problem } from './problem';
import { ifMatch } from './revision';
import { noticeStatus, uploadHeaders } from './session';

export type { MediaAdmin } from '~/api';

export const picturesQuery = (q: string) =>
  queryOptions({
    queryKey: ['media', 'pictures', q],
    queryFn: async (): Promise<MediaAdmin[]> => {
      const query = { kind: 'image', limit: 24, ...(q !== '' && { q }) } as const;
      return (await answer(listMedia({ query }))).items;
    },
    placeholderData: keepPreviousData,
  });

export const pictureQuery = (id: string) =>
  queryOptions({
    queryKey: ['media', 'item', id],
    queryFn: (): Promise<MediaAdmin> => answer(getMedia({ path: { media_id: id } })),
  });

export const describePicture = (
  { id, revision }: MediaAdmin,
  body: MediaPatch,
): Promise<MediaAdmin> =>
  answer(updateMedia({ path: { media_id: id }, headers: ifMatch(revision), body }));

/** The smallest file that still fills `width`. */
export function fileFor({ url, variants }: MediaAdmin, width: number): string {
  const whole = variants.filter(({ crop }) => crop === '').sort((one, other) => one.width - other.width);
  return whole.find((variant) => variant.width >= width)?.url ?? whole.at(-1)?.url ?? url;
}

/** Send one file; a retry after a lost answer gets the item that was made of the same bytes. */
export function sendPicture(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<MediaAdmin> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/admin/media');
    for (const [name, value] of Object.entries(uploadHeaders())) request.setRequestHeader(name, value);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new Problem(0, 'unreachable', ''));
    request.onabort = () => reject(new Problem(0, 'aborted', ''));
    request.onload = () => {
      noticeStatus(request.status);
      const said = request.response as (Partial<Upload> & { code?: string; detail?: string }) | null;
      const media = said?.results?.[0]?.media;
      if (media) resolve(media);
      else reject(new Problem(request.status, said?.code ?? 'unknown', said?.detail ?? request.statusText));
    };
    signal.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}

/** Author profiles as the admin reads and writes them. */
import { queryOptions } from '@tanstack/react-query';

import {
  createProfile,
  deleteProfile,
  getAdminProfile,
  getProfileUsage,
  importResume as createFromResume,
  importResumeInto,
  listAdminProfiles,
  publishProfile,
  unpublishProfile,
  updateProfile,
} from '~/api';
import type { ProfileAdmin, ProfileInput, Resume, ResumeImport, Usage } from '~/api';

import { answer } from './problem';
import type { Fate } from './records';
import { ifMatch, once } from './revision';

export type { ProfileAdmin, ProfileInput } from '~/api';

export const profilesQuery = queryOptions({
  queryKey: ['profiles'],
  queryFn: async (): Promise<ProfileAdmin[]> => {
    const found = await answer(listAdminProfiles({ query: { limit: 100 } }));
    return found.items;
  },
});

export const profileQuery = (id: string) =>
  queryOptions({
    queryKey: ['profiles', id],
    queryFn: (): Promise<ProfileAdmin> => answer(getAdminProfile({ path: { profile_id: id } })),
  });

export const startProfile = (body: ProfileInput, key: string): Promise<ProfileAdmin> =>
  answer(createProfile({ headers: once(key), body }));

export const changeProfile = (
  id: string,
  revision: number,
  body: Record<string, unknown>,
): Promise<ProfileAdmin> =>
  answer(updateProfile({ path: { profile_id: id }, headers: ifMatch(revision), body }));

export const showProfile = (id: string, revision: number, isShown: boolean): Promise<ProfileAdmin> => {
  const call = { path: { profile_id: id }, headers: ifMatch(revision) };
  return answer(isShown ? publishProfile(call) : unpublishProfile(call));
};

export const profileUsage = (id: string): Promise<Usage> =>
  answer(getProfileUsage({ path: { profile_id: id } }));

export const removeProfile = (id: string, revision: number, fate: Fate): Promise<unknown> =>
  answer(deleteProfile({ path: { profile_id: id }, headers: ifMatch(revision), query: fate }));

/** Into a profile that is there, or into a new one. */
export function importResume(into: ProfileAdmin | null, resume: unknown): Promise<ResumeImport> {
  const body = resume as Resume; // the server says what of it is wrong
  if (!into) return answer(createFromResume({ body }));
  const { id, revision } = into;
  return answer(importResumeInto({ path: { profile_id: id }, headers: ifMatch(revision), body }));
}

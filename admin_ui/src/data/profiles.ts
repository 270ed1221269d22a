/** Author profiles as the admin reads and writes them. */
import { queryOptions } from '@tanstack/react-query';

import {
  createProfile,
  deleteProfile,
  getAdminProfile,
  listAdminProfiles,
  publishProfile,
  unpublishProfile,
  updateProfile,
} from '~/api';
import type { ProfileAdmin, ProfileInput } from '~/api';

import { answer } from './problem';
import { ifMatch } from './revision';

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

export const startProfile = (body: ProfileInput): Promise<ProfileAdmin> =>
  answer(createProfile({ body }));

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

export const removeProfile = (id: string, revision: number): Promise<unknown> =>
  answer(deleteProfile({ path: { profile_id: id }, headers: ifMatch(revision) }));

/** Loads one profile, or starts a new one. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { profileQuery } from '~/data/profiles';
import { EmptyState } from '~/ui/empty-state';
import { useTexts } from '~/ui/texts';
import { useFormKey } from '~/ui/use-form-key';

import { ProfileForm } from './profile-form';
import { profileTexts } from './texts';

export function ProfilePage() {
  const t = useTexts(profileTexts);
  const { profileId } = useParams({ from: '/inside/framed/profiles/$profileId' });
  const isNew = profileId === 'new';
  const [key, keep] = useFormKey(profileId);
  const { data, error } = useQuery({ ...profileQuery(profileId), enabled: !isNew });
  if (error && !data) return <EmptyState isPage title={t('couldNotLoad')} hint={error.message} />;
  if (!isNew && !data) return null;
  return <ProfileForm key={key} stored={data ?? null} onAddress={keep} />;
}

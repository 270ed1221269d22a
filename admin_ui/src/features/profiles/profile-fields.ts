/** What can be written of a profile, and what is sent of it. */
import type { ProfileAdmin, ProfileInput } from '~/data/profiles';

export type ProfileFields = Pick<
  ProfileAdmin,
  | 'name'
  | 'slug'
  | 'headline'
  | 'bio_markdown'
  | 'lang'
  | 'location'
  | 'since'
  | 'links'
  | 'skills'
  | 'experience'
  | 'education'
  | 'volunteer'
  | 'certificates'
  | 'talks'
  | 'publications'
  | 'awards'
  | 'languages'
  | 'avatar_id'
>;

export const blankProfile: ProfileFields = {
  name: '',
  slug: '',
  headline: '',
  bio_markdown: '',
  lang: 'en',
  location: '',
  since: null,
  links: [],
  skills: [],
  experience: [],
  education: [],
  volunteer: [],
  certificates: [],
  talks: [],
  publications: [],
  awards: [],
  languages: [],
  avatar_id: null,
};

const NAMES = Object.keys(blankProfile) as (keyof ProfileFields)[];

export function readProfile(stored: ProfileAdmin): ProfileFields {
  return Object.fromEntries(NAMES.map((name) => [name, stored[name]])) as unknown as ProfileFields;
}

/** Lists go whole (a merge patch replaces them), without the empty lines that were left in them. */
export function sentProfile(fields: ProfileFields): ProfileInput {
  const filled = (lines: string[]) => lines.filter((text) => text.trim() !== '');
  return {
    ...fields,
    slug: fields.slug || null,
    links: fields.links as ProfileInput['links'], // the kinds come from a closed list
    experience: fields.experience.map((item) => ({ ...item, highlights: filled(item.highlights) })),
    education: fields.education.map((item) => ({ ...item, courses: filled(item.courses) })),
    volunteer: fields.volunteer.map((item) => ({ ...item, highlights: filled(item.highlights) })),
  };
}

/** What can be written of a project, and what is sent of it. */
import type { ProjectAdmin } from '~/data/desks';

export type ProjectFields = Pick<
  ProjectAdmin,
  | 'title'
  | 'summary'
  | 'markdown'
  | 'role'
  | 'project_status'
  | 'started_on'
  | 'ended_on'
  | 'technologies'
  | 'links'
  | 'featured'
  | 'cover_id'
  | 'gallery_ids'
  | 'position'
> & { slug: string; lang: string | null };

export const blankProject: ProjectFields = {
  title: '',
  slug: '',
  lang: null,
  summary: '',
  markdown: '',
  role: '',
  project_status: 'active',
  started_on: null,
  ended_on: null,
  technologies: [],
  links: [],
  featured: false,
  cover_id: null,
  gallery_ids: [],
  position: 0,
};

const NAMES = Object.keys(blankProject) as (keyof ProjectFields)[];

export const STATES = ['planned', 'active', 'paused', 'completed', 'archived'] as const satisfies ProjectAdmin['project_status'][];
export const LINK_KINDS = ['website', 'demo', 'source', 'docs', 'package', 'case_study', 'video', 'other'] as const;

export function readProject(stored: ProjectAdmin): ProjectFields {
  return Object.fromEntries(NAMES.map((name) => [name, stored[name]])) as unknown as ProjectFields;
}

export function sentProject({ lang, ...fields }: ProjectFields): Record<string, unknown> {
  return { ...fields, slug: fields.slug || null, ...(lang && { lang }) };
}

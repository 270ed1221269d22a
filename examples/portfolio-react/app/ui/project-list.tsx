import type { ProjectSummary } from '@lontar/client';
import { Link } from 'react-router';

import { pathOf, type Lang } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';

import { Picture } from './picture';

export function years(project: Pick<ProjectSummary, 'started_on' | 'ended_on' | 'status'>, lang: Lang): string {
  const from = project.started_on?.slice(0, 4);
  const to = project.ended_on?.slice(0, 4) ?? (project.status === 'active' ? TEXTS[lang].present : undefined);
  return [...new Set([from, to].filter(Boolean))].join('–');
}

export function ProjectList({ items, lang, level = 2 }: { items: ProjectSummary[]; lang: Lang; level?: 2 | 3 }) {
  const Title = `h${level}` as const;
  return (
    <ul className="projects">
      {items.map((project) => (
        <li key={project.slug} className="project">
          <article lang={project.lang === lang ? undefined : project.lang}>
            {project.cover && <Picture image={project.cover} sizes="(min-width: 48rem) 24rem, 100vw" isDecorative />}
            <Title className="project-title">
              <Link to={pathOf(project.url)}>{project.title}</Link>
            </Title>
            <p>{project.summary}</p>
            <p className="meta">
              <span>{years(project, lang)}</span>
              <span>{project.technologies.join(', ')}</span>
            </p>
          </article>
        </li>
      ))}
    </ul>
  );
}

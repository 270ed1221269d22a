import type { Site, TagRef } from '@lontar/client';
import { Link } from 'react-router';

import { prefixed, type Lang } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';

export function TagLinks({ tags, lang, site }: { tags: TagRef[]; lang: Lang; site: Site }) {
  if (tags.length === 0) return null;
  return (
    <ul className="tags" aria-label={TEXTS[lang].tags}>
      {tags.map(({ slug, name }) => (
        <li key={slug}>
          <Link to={prefixed(`/tags/${slug}`, lang, site)}>{name}</Link>
        </li>
      ))}
    </ul>
  );
}

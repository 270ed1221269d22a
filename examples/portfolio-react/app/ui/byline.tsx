import type { AuthorRef } from '@lontar/client';
import { Link } from 'react-router';

import { Picture } from './picture';

export function Byline({ authors }: { authors: AuthorRef[] }) {
  return (
    <ul className="byline">
      {authors.map(({ slug, name, avatar }) => (
        <li key={slug}>
          <Link to={`/authors/${slug}`}>
            {avatar && <Picture image={avatar} sizes="32px" className="face" isDecorative isFirst />}
            <span>{name}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

import { Link } from 'react-router';

import { pathOf } from '~/lib/paths';

interface Neighbour {
  label: string;
  title: string;
  url: string;
}

interface Props {
  label: string;
  before: Neighbour | null;
  after: Neighbour | null;
}

/** What to read next, one way and the other. */
export function Neighbours({ label, before, after }: Props) {
  if (!before && !after) return null;
  return (
    <nav className="neighbours" aria-label={label}>
      {[before, after].map((one, index) =>
        one ? (
          <Link key={index} to={pathOf(one.url)} rel={index === 0 ? 'prev' : 'next'}>
            <span>{one.label}</span>
            <strong>{one.title}</strong>
          </Link>
        ) : (
          <span key={index} />
        ),
      )}
    </nav>
  );
}

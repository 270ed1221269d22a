/** The way from one thing to the list that it stands in. */
import { Link } from '@tanstack/react-router';
import type { LinkProps } from '@tanstack/react-router';

import classes from './back-link.module.css';
import { Icon } from './icon';
import { lastSearch } from './list-memory';

export function BackLink({ to, label }: { to: string; label: string }) {
  return (
    <Link {...({ to, search: lastSearch(to) } as LinkProps)} className={classes.back}>
      <Icon name="left" size={16} />
      {label}
    </Link>
  );
}

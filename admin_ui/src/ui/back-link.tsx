/** The way from one thing to the list that it stands in. */
import { Link } from '@tanstack/react-router';
import type { LinkProps } from '@tanstack/react-router';

import classes from './back-link.module.css';
import { Icon } from './icon';

export function BackLink({ to, label }: { to: string; label: string }) {
  return (
    <Link {...({ to } as LinkProps)} className={classes.back}>
      <Icon name="left" size={16} />
      {label}
    </Link>
  );
}

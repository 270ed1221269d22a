/** What stands where nothing is: a sentence, and what to do about it. */
import type { ReactNode } from 'react';

import classes from './empty-state.module.css';

interface Props {
  title: string;
  hint?: string;
  /** Alone on its page, it is the page's heading. */
  isPage?: boolean;
  children?: ReactNode;
}

export function EmptyState({ title, hint, isPage, children }: Props) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className={classes.box}>
      <div className={classes.leaf} aria-hidden="true" />
      <Heading className={classes.title}>{title}</Heading>
      {hint && <p className={classes.hint}>{hint}</p>}
      {children}
    </div>
  );
}

/** A screen inside the frame: its title, what can be done on it, its content. */
import type { ReactNode } from 'react';
import { useEffect } from 'react';

import classes from './page.module.css';

interface Props {
  title: string;
  before?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, before, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Lontar`;
  }, [title]);
  return (
    <div className={classes.page}>
      {before}
      <header className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

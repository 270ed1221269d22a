/** The quiet page before the house: the mark, a sentence, a form. */
import type { ReactNode } from 'react';
import { useEffect } from 'react';

import { Brand } from '~/ui/brand';

import classes from './door.module.css';

interface Props {
  title: string;
  hint?: string;
  children: ReactNode;
}

export function Door({ title, hint, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Lontar`;
  }, [title]);
  return (
    <main className={classes.door}>
      <div className={classes.box}>
        <Brand size="lg" />
        <div>
          <h1 className={classes.title}>{title}</h1>
          {hint && <p className={classes.hint}>{hint}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}

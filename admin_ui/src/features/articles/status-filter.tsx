/** Which articles: links, so that a filter has an address and the back button works. */
import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';

import type { Status } from '~/data/articles';
import { useTexts } from '~/ui/texts';

import classes from './status-filter.module.css';
import { articleTexts } from './texts';

const CHOICES = [
  [undefined, 'all'],
  ['draft', 'drafts'],
  ['scheduled', 'scheduled'],
  ['published', 'published'],
  ['unpublished', 'unpublished'],
  ['trashed', 'trash'],
] as const;

interface Props {
  status: Status | undefined;
  ref: Ref<HTMLElement>;
}

export function StatusFilter({ status, ref }: Props) {
  const t = useTexts(articleTexts);
  return (
    <nav className={classes.filter} aria-label={t('filter')} ref={ref}>
      {CHOICES.map(([value, text]) => (
        <Link
          key={text}
          to="/articles"
          search={value ? { status: value } : {}}
          className={classes.choice}
          activeOptions={{ exact: true }}
          aria-current={status === value ? 'page' : undefined}
        >
          {t(text)}
        </Link>
      ))}
    </nav>
  );
}

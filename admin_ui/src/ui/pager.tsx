/** The way to the newer and the older part of a list. */
import { Link } from '@tanstack/react-router';

import { Icon } from './icon';
import { listSearch } from './list-search';
import classes from './pager.module.css';
import { recordTexts } from './record-texts';
import { useTexts } from './texts';

interface Props {
  page: { next: string | null; prev: string | null };
}

export function Pager({ page }: Props) {
  const t = useTexts(recordTexts);
  if (!page.next && !page.prev) return null;
  const ways = [
    { cursor: page.prev, label: t('newer'), icon: 'left' },
    { cursor: page.next, label: t('older'), icon: 'right' },
  ] as const;
  return (
    <nav className={classes.pages} aria-label={t('pages')}>
      {ways.map(({ cursor, label, icon }) =>
        cursor ? (
          <Link
            key={icon}
            to="."
            search={(before: Record<string, unknown>) => listSearch({ ...before, cursor })}
            className={classes.link}
            data-side={icon}
          >
            <Icon name={icon} size={16} />
            {label}
          </Link>
        ) : (
          <span key={icon} />
        ),
      )}
    </nav>
  );
}

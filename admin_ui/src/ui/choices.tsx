/** A few mutually exclusive views of a list, as links: each has an address. */
import { Link } from '@tanstack/react-router';

import classes from './choices.module.css';
import { listSearch, useListSearch } from './list-search';
import type { ListSearch } from './list-search';

interface Props {
  label: string;
  name: keyof ListSearch;
  choices: readonly { value: string | undefined; label: string }[];
}

export function Choices({ label, name, choices }: Props) {
  const [search] = useListSearch();
  return (
    <nav className={classes.choices} aria-label={label}>
      {choices.map(({ value, label: words }) => (
        <Link
          key={words}
          to="."
          search={(before: Record<string, unknown>) =>
            listSearch({ ...before, cursor: '', [name]: value })
          }
          className={classes.choice}
          activeProps={{}}
          activeOptions={{ exact: true }}
          aria-current={search[name] === value ? 'page' : false}
        >
          {words}
        </Link>
      ))}
    </nav>
  );
}

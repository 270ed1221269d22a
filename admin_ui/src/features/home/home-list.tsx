/** A few things of one kind that wait for somebody. */
import { RecordLink } from '~/ui/record-link';
import type { RecordPath } from '~/ui/record-link';

import classes from './home-page.module.css';

interface Props {
  title: string;
  path: RecordPath;
  items: { id: string; title: string; meta: string }[];
}

export function HomeList({ title, path, items }: Props) {
  if (items.length === 0) return null;
  return (
    <section className={classes.group} aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      <ul className={classes.rows}>
        {items.map((item) => (
          <li key={item.id}>
            <RecordLink path={path} id={item.id} className={classes.row}>
              <span className={classes.name} dir="auto">{item.title}</span>
              <span className={classes.meta}>{item.meta}</span>
            </RecordLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

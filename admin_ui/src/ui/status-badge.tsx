/** A word with a dot: where a thing stands. Never colour alone. */
import classes from './status-badge.module.css';

interface Props {
  status: 'draft' | 'scheduled' | 'published' | 'unpublished' | 'trashed';
  label: string;
}

export function StatusBadge({ status, label }: Props) {
  return (
    <span className={classes.badge} data-status={status}>
      {label}
    </span>
  );
}

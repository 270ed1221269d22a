/** A word with a dot, for states that are not an article's. */
import classes from './status-badge.module.css';

const LOOKS = { good: 'published', wait: 'scheduled', bad: 'trashed', quiet: 'draft' } as const;

export function StateBadge({ tone, label }: { tone: keyof typeof LOOKS; label: string }) {
  return (
    <span className={classes.badge} data-status={LOOKS[tone]}>
      {label}
    </span>
  );
}

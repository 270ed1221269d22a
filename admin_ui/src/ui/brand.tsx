/** The mark: a leaf with three scratched lines of writing. */
import classes from './brand.module.css';

export function Brand({ size = 'md' }: { size?: 'md' | 'lg' }) {
  return (
    <span className={classes.brand} data-size={size}>
      <svg viewBox="0 0 48 20" className={classes.mark} aria-hidden="true" focusable="false">
        <path d="M4 1.5h40c2 2.6 2 14.4 0 17H4c-2-2.6-2-14.4 0-17z" className={classes.leaf} />
        <path d="M8 6.5h32M8 10h11.5M28.5 10H40M8 13.5h24" className={classes.lines} />
        <circle cx="24" cy="10" r="1.7" className={classes.hole} />
      </svg>
      <span>Lontar</span>
    </span>
  );
}

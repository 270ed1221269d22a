/** What went wrong, said aloud where it happened. */
import classes from './alarm.module.css';

export function Alarm({ error }: { error: Error | null | undefined }) {
  return <div role="alert" className={classes.place}>{error && <p className={classes.alarm}>{error.message}</p>}</div>;
}

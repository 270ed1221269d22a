/** Whether a moment lies behind us, also once it has come while it is looked at. */
import { useEffect, useState } from 'react';

const LONGEST = 2 ** 31 - 1; // of a timer

export function useHasPassed(moment: Date | null): boolean {
  const [now, tell] = useState(Date.now);
  const time = moment?.getTime() ?? null;
  useEffect(() => {
    if (time === null) return undefined;
    const wait = Math.min(Math.max(0, time - Date.now()), LONGEST);
    const timer = setTimeout(() => tell(Date.now()), wait);
    return () => clearTimeout(timer);
  }, [time]);
  return time !== null && time <= now;
}

/** Keeps what saves a form in sight: at its place, or at the window's lower edge while that is scrolled away. */
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';

import classes from './save-slot.module.css';

/** Of the bar that lies over a small screen. */
const ABOVE = '-56px 0px 0px';
/** How long it stays to say that all is saved. */
const LINGER = 2500;

interface Props {
  /** Whether there is something to save, or to say of it. */
  isWanted: boolean;
  children: ReactNode;
}

export function SaveSlot({ isWanted, children }: Props) {
  const slot = useRef<HTMLDivElement>(null);
  // How high it was in its place, which must not close up under the hands of who writes below it.
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const place = slot.current!;
    const observer = new IntersectionObserver(
      ([entry]) => setHeight(entry!.isIntersecting ? null : place.offsetHeight),
      { rootMargin: ABOVE },
    );
    observer.observe(place);
    return () => observer.disconnect();
  }, []);
  const [lingers, linger] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => linger(isWanted), isWanted ? 0 : LINGER);
    return () => clearTimeout(timer);
  }, [isWanted]);
  const isAway = height !== null && (isWanted || lingers);
  return (
    <div ref={slot} className={classes.slot} style={isAway ? { height } : undefined}>
      <div className={classes.bar} data-away={isAway || undefined}>
        {children}
      </div>
    </div>
  );
}

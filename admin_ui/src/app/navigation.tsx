/** The list of rooms that somebody may enter. */
import { Link } from '@tanstack/react-router';
import type { LinkProps } from '@tanstack/react-router';

import { Icon } from '~/ui/icon';
import { useTexts } from '~/ui/texts';
import { useMay } from '~/ui/use-may';

import classes from './navigation.module.css';
import { GROUPS } from './places';
import { appTexts } from './texts';

export function Navigation({ onGo }: { onGo: () => void }) {
  const t = useTexts(appTexts);
  const may = useMay();
  const groups = GROUPS.map(({ key, places }) => ({
    key,
    places: places.filter(({ needs }) => !needs || may(needs)),
  })).filter(({ places }) => places.length > 0);
  return (
    <div className={classes.groups}>
      {groups.map(({ key, places }) => (
        <div key={key}>
          <p className={classes.heading} id={`rooms-${key}`}>
            {t(key)}
          </p>
          <ul className={classes.places} aria-labelledby={`rooms-${key}`}>
            {places.map(({ to, key: word, icon }) => (
              <li key={to}>
                <Link
                  {...({ to } as LinkProps)}
                  className={classes.place}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  onClick={onGo}
                >
                  <Icon name={icon} />
                  {t(word)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

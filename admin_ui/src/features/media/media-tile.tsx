/** One file in the grid: what it looks like, its name, what is missing. */
import { isPicture, thumbOf } from '~/data/media';
import type { MediaAdmin } from '~/data/media';
import { Icon } from '~/ui/icon';
import { RecordLink } from '~/ui/record-link';
import { useTexts } from '~/ui/texts';

import classes from './media-tile.module.css';
import { libraryTexts } from './texts';

export function MediaTile({ item }: { item: MediaAdmin }) {
  const t = useTexts(libraryTexts);
  const hasAlt = !isPicture(item) || Object.values(item.alt).some((text) => text !== '');
  return (
    <li className={classes.tile}>
      <RecordLink path="/media/$id" id={item.id} className={classes.link}>
        {isPicture(item) ? (
          <img
            src={thumbOf(item)}
            alt=""
            loading="lazy"
            className={classes.image}
            style={{
              objectPosition: `${item.focal_point.x * 100}% ${item.focal_point.y * 100}%`,
              backgroundColor: item.dominant_color ?? undefined,
            }}
          />
        ) : (
          <span className={classes.image}>
            <Icon name="page" size={34} />
          </span>
        )}
        <span className={classes.name}>{item.name}</span>
        <span className={classes.meta}>
          {item.state !== 'ready' ? t(item.state) : hasAlt ? mimeOf(item) : t('noAlt')}
        </span>
      </RecordLink>
    </li>
  );
}

function mimeOf({ mime, width, height }: MediaAdmin): string {
  const kind = mime.slice(mime.indexOf('/') + 1).toUpperCase();
  return width && height ? `${kind} ${width}×${height}` : kind;
}

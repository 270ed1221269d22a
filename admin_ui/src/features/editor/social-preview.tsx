/** The card that other sites make of a link: the cover cut to their shape, or one with the title. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { fileFor, pictureQuery } from '~/data/pictures';
import type { SiteAdmin } from '~/data/site';
import { useTexts } from '~/ui/texts';

import classes from './cover.module.css';
import type { Fields } from './fields';
import { settingTexts } from './setting-texts';

interface Props {
  site: SiteAdmin;
  fields: Fields;
  description: string;
}

export function SocialPreview({ site, fields, description }: Props) {
  const t = useTexts(settingTexts);
  const { cover_id: id, seo, title } = fields;
  const { data: cover } = useQuery({ ...pictureQuery(id ?? ''), enabled: id !== null });
  const { x = 0.5, y = 0.5 } = cover?.focal_point ?? {};
  const shown = seo.title || title;
  return (
    <div>
      <Text size="sm" fw={500} mb={6}>
        {t('social')}
      </Text>
      <div className={classes.card} role="img" aria-label={`${t('social')}: ${shown}`}>
        {id && cover ? (
          <img
            src={fileFor(cover, 640)}
            alt=""
            className={classes.shown}
            style={{ objectPosition: `${x * 100}% ${y * 100}%` }}
          />
        ) : (
          <div className={classes.drawn}>{shown}</div>
        )}
        <div className={classes.told}>
          <span className={classes.host}>{new URL(site.url).host}</span>
          <span className={classes.headline}>{shown}</span>
          <span className={classes.description}>{description}</span>
        </div>
      </div>
    </div>
  );
}

/** One picture on its way: what it looks like, how far it is, and its words. */
import { ActionIcon, Button, Text, TextInput } from '@mantine/core';

import { Icon } from '~/ui/icon';
import { useTexts } from '~/ui/texts';

import classes from './pictures.module.css';
import { pictureTexts } from './picture-texts';
import type { Incoming } from './use-pictures';

interface Props {
  item: Incoming;
  lang: string;
  hasFocus: boolean;
  onAlt: (alt: string) => void;
  onAgain: () => void;
  onRemove: () => void;
}

export function PictureRow({ item, lang, hasFocus, onAlt, onAgain, onRemove }: Props) {
  const t = useTexts(pictureTexts);
  const { name, preview, media, problem, share, alt } = item;
  const percent = Math.round(share * 100);
  return (
    <li className={classes.row}>
      <img src={media?.url ?? preview} alt="" className={classes.thumb} />
      <div className={classes.words}>
        <TextInput
          label={t('alt')}
          description={t('altHint')}
          value={alt}
          lang={lang}
          maxLength={500}
          data-autofocus={hasFocus || undefined}
          onChange={(event) => onAlt(event.currentTarget.value)}
        />
        {!media && !problem && (
          <div className={classes.progress}>
            <progress max={100} value={percent} aria-label={t('progress', { name })} />
            <span>{t('sent', { n: percent })}</span>
          </div>
        )}
        {problem && (
          <div className={classes.progress} role="alert">
            <Text size="sm" c="var(--bad)">
              {t('failed', { why: problem.status === 0 ? t('offline') : problem.message })}
            </Text>
            <Button size="compact-xs" variant="default" onClick={onAgain}>
              {t('again')}
            </Button>
          </div>
        )}
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={t('remove', { name })} onClick={onRemove}>
        <Icon name="trash" />
      </ActionIcon>
    </li>
  );
}

/** The pictures of a project, in order. */
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';

import { altOf, media, thumbOf } from '~/data/media';
import { recordQuery } from '~/data/records';
import { Icon } from '~/ui/icon';
import { ImagePicker } from '~/ui/image-picker';
import { OrderTools } from '~/ui/order-tools';
import { useTexts } from '~/ui/texts';
import { useOrderedList } from '~/ui/use-ordered-list';

import classes from './project-gallery.module.css';
import { projectTexts } from './texts';

interface Props {
  ids: string[];
  /** The language of the project: what is said about the pictures is said in it, if it can. */
  lang: string;
  onChange: (ids: string[]) => void;
}

export function ProjectGallery({ ids, lang, onChange }: Props) {
  const t = useTexts(projectTexts);
  const [isOpen, picker] = useDisclosure();
  const found = useQueries({ queries: ids.map((id) => recordQuery(media, id)) });
  const { list, adding, move, takeOut } = useOrderedList(ids, onChange);
  return (
    <fieldset className={classes.gallery}>
      <legend>{t('gallery')}</legend>
      <ol aria-label={t('gallery')} ref={list}>
        {ids.map((id, index) => {
          const item = found[index]?.data;
          const names = { n: index + 1, name: item?.name ?? '…' };
          return (
            <li key={id}>
              <div className={classes.picture}>
                {item && <img src={thumbOf(item, 240)} alt={altOf(item, lang)} />}
              </div>
              <div className={classes.tools}>
                <OrderTools
                  index={index}
                  count={ids.length}
                  names={{
                    earlier: t('galleryEarlier', names),
                    later: t('galleryLater', names),
                    out: t('galleryOut', names),
                  }}
                  runs="across"
                  onMove={move}
                  onOut={takeOut}
                />
              </div>
            </li>
          );
        })}
      </ol>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="plus" size={14} />}
        ref={adding}
        onClick={picker.open}
      >
        {t('galleryAdd')}
      </Button>
      {isOpen && (
        <ImagePicker
          onChoose={(items) => {
            onChange([...new Set([...ids, ...items.map(({ id }) => id)])]);
            picker.close();
          }}
          onClose={picker.close}
        />
      )}
    </fieldset>
  );
}

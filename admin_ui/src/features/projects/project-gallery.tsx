/** The pictures of a project, in order. */
import { ActionIcon, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';

import { media, thumbOf } from '~/data/media';
import { recordQuery } from '~/data/records';
import { Icon } from '~/ui/icon';
import { ImagePicker } from '~/ui/image-picker';
import { useTexts } from '~/ui/texts';

import classes from './project-gallery.module.css';
import { projectTexts } from './texts';

interface Props {
  ids: string[];
  onChange: (ids: string[]) => void;
}

export function ProjectGallery({ ids, onChange }: Props) {
  const t = useTexts(projectTexts);
  const [isOpen, picker] = useDisclosure();
  const found = useQueries({ queries: ids.map((id) => recordQuery(media, id)) });
  return (
    <fieldset className={classes.gallery}>
      <legend>{t('gallery')}</legend>
      <ul>
        {ids.map((id, index) => (
          <li key={id}>
            {found[index]?.data && (
              <img src={thumbOf(found[index].data, 240)} alt={t('picture', { n: index + 1 })} />
            )}
            <ActionIcon
              size="sm"
              variant="default"
              aria-label={t('galleryOut', { n: index + 1 })}
              onClick={() => onChange(ids.filter((other) => other !== id))}
            >
              <Icon name="trash" size={14} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={picker.open}>
        {t('galleryAdd')}
      </Button>
      {isOpen && (
        <ImagePicker
          onChoose={(item) => {
            if (!ids.includes(item.id)) onChange([...ids, item.id]);
            picker.close();
          }}
          onClose={picker.close}
        />
      )}
    </fieldset>
  );
}

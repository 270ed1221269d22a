/** A picture out of the library in a form. */
import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';

import { media, thumbOf } from '~/data/media';
import { recordQuery } from '~/data/records';

import classes from './image-field.module.css';
import { ImagePicker } from './image-picker';
import { mediaTexts } from './media-texts';
import { useTexts } from './texts';

interface Props {
  label: string;
  value: string | null;
  error: string | undefined;
  onChange: (id: string | null) => void;
}

export function ImageField({ label, value, error, onChange }: Props) {
  const t = useTexts(mediaTexts);
  const [isOpen, picker] = useDisclosure();
  const { data } = useQuery({ ...recordQuery(media, value ?? ''), enabled: value !== null });
  return (
    <fieldset className={classes.field}>
      <legend>{label}</legend>
      <div className={classes.row}>
        {value && data ? (
          <img src={thumbOf(data, 240)} alt={data.name} className={classes.image} />
        ) : (
          <div className={classes.none} aria-hidden="true" />
        )}
        <Group gap={8}>
          <Button size="xs" variant="default" onClick={picker.open}>
            {t('choose')}
          </Button>
          {value && (
            <Button size="xs" variant="subtle" color="gray" onClick={() => onChange(null)}>
              {t('takeOut')}
            </Button>
          )}
        </Group>
      </div>
      {error && <p className={classes.error}>{error}</p>}
      {isOpen && (
        <ImagePicker
          isSingle
          onChoose={([item]) => {
            onChange(item!.id);
            picker.close();
          }}
          onClose={picker.close}
        />
      )}
    </fieldset>
  );
}

/** The library as a grid: drop files into it, find one, open one. */
import { useQuery } from '@tanstack/react-query';

import { media, roomQuery } from '~/data/media';
import { listQuery } from '~/data/records';
import { bytes } from '~/ui/bytes';
import { Choices } from '~/ui/choices';
import { useListSearch } from '~/ui/list-search';
import { RecordList } from '~/ui/record-list';
import { useLang, useTexts } from '~/ui/texts';
import { UploadArea } from '~/ui/upload-area';
import { useMay } from '~/ui/use-may';

import classes from './media-page.module.css';
import { MediaTile } from './media-tile';
import { libraryTexts } from './texts';

export function MediaPage() {
  const t = useTexts(libraryTexts);
  const { lang } = useLang();
  const may = useMay();
  const [search] = useListSearch();
  const { data: room } = useQuery(roomQuery);
  return (
    <RecordList
      title={t('title')}
      query={listQuery(media, search)}
      layout="grid"
      isSearched
      searchLabel={t('search')}
      actions={
        room && (
          <span className={classes.room}>
            {t('room', { n: room.items, used: bytes(room.used_bytes, lang) })}
          </span>
        )
      }
      filters={
        <Choices
          label={t('filter')}
          name="kind"
          choices={[
            { value: undefined, label: t('everything') },
            { value: 'image', label: t('images') },
            { value: 'document', label: t('documents') },
          ]}
        />
      }
      above={() => (
        <>
          {room?.is_low && (
            <p className={classes.low}>{t('low', { free: bytes(room.free_bytes ?? 0, lang) })}</p>
          )}
          {may('media:write') && <UploadArea />}
        </>
      )}
      empty={t('empty')}
      emptyHint={t('emptyHint')}
      row={(item) => <MediaTile key={item.id} item={item} />}
    />
  );
}

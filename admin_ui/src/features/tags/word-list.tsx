/** A list of tags or of series. */
import { useNavigate } from '@tanstack/react-router';

import { listQuery } from '~/data/records';
import type { Store } from '~/data/records';
import { useListSearch } from '~/ui/list-search';
import { RecordList } from '~/ui/record-list';
import { RecordRow } from '~/ui/record-row';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';
import { useMay } from '~/ui/use-may';

import { wordTexts } from './texts';

interface Props<T> {
  store: Store<T>;
  path: '/tags/$id' | '/series/$id';
  title: string;
  newText: string;
  empty: string;
  emptyHint: string;
  nameOf: (item: T) => string;
}

interface Word {
  slug: string;
  description: string;
  updated_at: string;
}

export function WordList<T extends Word>({ store, path, nameOf, newText, ...said }: Props<T>) {
  const t = useTexts(wordTexts);
  const { ago } = useClock();
  const may = useMay();
  const navigate = useNavigate();
  const [search] = useListSearch();
  const onNew = () => void navigate({ to: path, params: { id: 'new' } });
  return (
    <RecordList
      {...said}
      query={listQuery(store, search)}
      create={may('tags:write') && { label: newText, onNew }}
      row={(item) => (
        <RecordRow
          key={item.slug}
          path={path}
          id={item.slug}
          title={nameOf(item)}
          meta={[item.slug, t('updated', { when: ago(item.updated_at) }), item.description]}
        />
      )}
    />
  );
}

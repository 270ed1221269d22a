/** The pages of the site. */
import { pages } from '~/data/desks';
import { listQuery } from '~/data/records';
import { DeskList } from '~/ui/desk-list';
import { useTexts } from '~/ui/texts';

import { pageTexts } from './texts';

export function PagesPage() {
  const t = useTexts(pageTexts);
  return (
    <DeskList
      name={pages.name}
      query={(filter) => listQuery(pages, filter)}
      bulk={pages.bulk}
      path="/pages/$id"
      writes="pages:write"
      publishes="pages:publish"
      purges="pages:purge"
      title={t('title')}
      newText={t('new')}
      empty={t('empty')}
      emptyHint={t('emptyHint')}
      meta={(item) => [`/${item.slug}`]}
    />
  );
}

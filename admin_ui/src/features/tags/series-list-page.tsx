import { series } from '~/data/words';
import { useTexts } from '~/ui/texts';

import { wordTexts } from './texts';
import { WordList } from './word-list';

export function SeriesListPage() {
  const t = useTexts(wordTexts);
  return (
    <WordList
      store={series}
      path="/series/$id"
      title={t('series')}
      newText={t('newSeries')}
      empty={t('noSeries')}
      emptyHint={t('noSeriesHint')}
      nameOf={(one) => one.title}
    />
  );
}

import { tags } from '~/data/words';
import { useTexts } from '~/ui/texts';

import { wordTexts } from './texts';
import { WordList } from './word-list';

export function TagsPage() {
  const t = useTexts(wordTexts);
  return (
    <WordList
      store={tags}
      path="/tags/$id"
      title={t('tags')}
      newText={t('newTag')}
      empty={t('noTags')}
      emptyHint={t('noTagsHint')}
      nameOf={(tag) => tag.name}
    />
  );
}

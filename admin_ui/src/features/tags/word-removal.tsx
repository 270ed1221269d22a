/** Removes a tag or a series, after asking what becomes of those that carry it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { listQuery } from '~/data/records';
import type { Vocabulary } from '~/data/words';
import { Removal } from '~/ui/removal';
import { useTexts } from '~/ui/texts';

import { wordTexts } from './texts';

interface Props<T> {
  store: Vocabulary<T>;
  word: T;
  nameOf: (item: T) => string;
  listPath: '/tags' | '/series';
  onClose: () => void;
}

export function WordRemoval<T extends { slug: string; revision: number }>(props: Props<T>) {
  const { store, word, nameOf, listPath, onClose } = props;
  const t = useTexts(wordTexts);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: all } = useQuery(listQuery(store, {}));
  return (
    <Removal
      title={`${t('remove')}: ${nameOf(word)}`}
      queryKey={[store.name, 'removal', word.slug]}
      usage={() => store.usage(word.slug)}
      others={(all?.items ?? [])
        .filter((other) => other.slug !== word.slug)
        .map((other) => ({ value: other.slug, label: nameOf(other) }))}
      remove={(fate) => store.remove(word.slug, word.revision, fate)}
      onGone={() => {
        onClose();
        void navigate({ to: listPath, ignoreBlocker: true });
        void queryClient.invalidateQueries({ queryKey: [store.name, 'list'] });
      }}
      onClose={onClose}
    />
  );
}

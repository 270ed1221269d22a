/** Removes a tag or a series, after asking what becomes of those that carry it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';

import { listQuery } from '~/data/records';
import type { Vocabulary } from '~/data/words';
import { Removal } from '~/ui/removal';
import { useTexts } from '~/ui/texts';
import { useLeading } from '~/ui/use-leading';

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
  const lead = useLeading();
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
        void lead({ to: listPath, ignoreBlocker: true });
        void queryClient.invalidateQueries({ queryKey: [store.name, 'list'] });
        void queryClient.invalidateQueries({ queryKey: [store.name], exact: true });
      }}
      onClose={onClose}
    />
  );
}

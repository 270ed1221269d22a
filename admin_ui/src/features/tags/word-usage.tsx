/** Where a tag or a series is used. */
import { useQuery } from '@tanstack/react-query';

import type { Vocabulary } from '~/data/words';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import { Usage } from '~/ui/usage';

import { wordTexts } from './texts';

export function WordUsage<T>({ store, slug }: { store: Vocabulary<T>; slug: string }) {
  const t = useTexts(wordTexts);
  const queryKey = [store.name, 'usage', slug];
  const { data } = useQuery({ queryKey, queryFn: () => store.usage(slug) });
  return <Section title={t('used')}>{data && <Usage uses={data} />}</Section>;
}

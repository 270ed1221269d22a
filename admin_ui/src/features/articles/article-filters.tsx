/** More to narrow articles with, and their order; out of the way until it is wanted. */
import { Button, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';

import { profilesQuery } from '~/data/profiles';
import { listQuery } from '~/data/records';
import { tagsQuery } from '~/data/site';
import { series } from '~/data/words';
import { Icon } from '~/ui/icon';
import { useListSearch } from '~/ui/list-search';
import { useTexts } from '~/ui/texts';
import { useLanguages } from '~/ui/use-languages';

import classes from './articles-page.module.css';
import { articleTexts } from './texts';

import '~/ui/mantine-forms.css';

const ORDERS = [
  ['-updated_at', 'lastChanged'],
  ['updated_at', 'longUnchanged'],
  ['-created_at', 'newest'],
  ['created_at', 'oldest'],
  ['title', 'byTitle'],
] as const;
const MORE = ['tag', 'author', 'series', 'lang', 'featured', 'sort'] as const;

export function ArticleFilters() {
  const t = useTexts(articleTexts);
  const [search, change] = useListSearch();
  const used = MORE.filter((name) => search[name] !== undefined);
  const [isOpen, { toggle }] = useDisclosure(used.length > 0);
  const { data: tags } = useQuery({ ...tagsQuery, enabled: isOpen });
  const { data: authors } = useQuery({ ...profilesQuery, enabled: isOpen });
  const { data: allSeries } = useQuery({ ...listQuery(series, {}), enabled: isOpen });
  const languages = useLanguages();
  const choices = {
    tag: (tags ?? []).map(({ slug, name }) => ({ value: slug, label: name })),
    author: (authors ?? []).map(({ slug, name }) => ({ value: slug, label: name })),
    series: (allSeries?.items ?? []).map(({ slug, title }) => ({ value: slug, label: title })),
    lang: languages,
    featured: [
      { value: 'true', label: t('onlyFeatured') },
      { value: 'false', label: t('notFeatured') },
    ],
    sort: ORDERS.map(([value, text]) => ({ value, label: t(text) })),
  };
  return (
    <>
      <Button
        className={classes.toggle}
        size="compact-sm"
        variant="subtle"
        color="gray"
        leftSection={<Icon name="sliders" size={15} />}
        aria-expanded={isOpen}
        onClick={toggle}
      >
        {used.length > 0 ? t('moreUsed', { n: used.length }) : t('more')}
      </Button>
      {isOpen && (
        <div className={classes.filters}>
          {MORE.map((name) => (
            <Select
              key={name}
              size="xs"
              label={t(name)}
              placeholder={name === 'sort' ? t('lastChanged') : t('any')}
              value={search[name] ?? null}
              data={choices[name]}
              searchable={name === 'tag' || name === 'author'}
              clearable
              clearButtonProps={{ 'aria-label': t('clear', { what: t(name) }) }}
              onChange={(value) => change({ [name]: value ?? '' })}
            />
          ))}
        </div>
      )}
    </>
  );
}

/** What search engines are told, and how a result would look. */
import { Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { siteQuery } from '~/data/site';
import { useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import type { Fields } from './fields';
import { publicAddress } from './public-address';
import classes from './search-settings.module.css';
import { settingTexts } from './setting-texts';
import { SocialPreview } from './social-preview';

interface Props {
  session: ArticleSession;
  state: State;
  isReadOnly: boolean;
  wrong: (field: string) => string | undefined;
}

export function SearchSettings({ session, state, isReadOnly, wrong }: Props) {
  const t = useTexts(settingTexts);
  const { data: site } = useQuery(siteQuery);
  const { article, fields } = state;
  const { seo } = fields;
  const change = (changes: Partial<Fields['seo']>) => session.change({ seo: { ...seo, ...changes } });
  const description = seo.description || fields.excerpt || article?.derived_excerpt;
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t('seo')}</legend>
      <TextInput
        label={t('seoTitle')}
        placeholder={fields.title}
        value={seo.title}
        readOnly={isReadOnly}
        maxLength={120}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <Textarea
        label={t('seoDescription')}
        placeholder={article?.derived_excerpt ?? ''}
        value={seo.description}
        readOnly={isReadOnly}
        autosize
        minRows={2}
        maxLength={300}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <TextInput
        label={t('canonical')}
        description={t('canonicalHint')}
        type="url"
        value={seo.canonical_url ?? ''}
        readOnly={isReadOnly}
        error={wrong('seo.canonical_url')}
        onChange={(event) => change({ canonical_url: event.currentTarget.value || null })}
      />
      <Switch
        label={t('noIndex')}
        checked={seo.no_index}
        disabled={isReadOnly}
        onChange={(event) => change({ no_index: event.currentTarget.checked })}
      />
      {site && (
        <div className={classes.result} role="img" aria-label={t('seoPreview')}>
          <span className={classes.address}>{publicAddress(site, fields)}</span>
          <span className={classes.title}>{seo.title || fields.title}</span>
          <span className={classes.description}>{description}</span>
        </div>
      )}
      {site && <SocialPreview site={site} fields={fields} description={description ?? ''} />}
    </fieldset>
  );
}

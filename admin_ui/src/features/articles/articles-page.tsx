/** All articles, last changed first: found, narrowed, changed many at a time, all by keyboard too. */
import { articlesQuery } from '~/data/articles';
import { bulkOfArticles } from '~/data/desks';
import { hasLocalDraft } from '~/data/local-drafts';
import { DeskList } from '~/ui/desk-list';
import { few } from '~/ui/few';
import { Icon } from '~/ui/icon';
import { useTexts } from '~/ui/texts';

import { ArticleFilters } from './article-filters';
import classes from './articles-page.module.css';
import { articleTexts } from './texts';

export function ArticlesPage() {
  const t = useTexts(articleTexts);
  return (
    <DeskList
      name="articles"
      query={articlesQuery}
      bulk={bulkOfArticles}
      path="/articles/$articleId"
      writes="articles:write"
      publishes="articles:publish"
      purges="articles:purge"
      title={t('title')}
      newText={t('new')}
      empty={t('empty')}
      emptyHint={t('emptyHint')}
      filters={<ArticleFilters />}
      mark={(article) =>
        article.featured && (
          <span className={classes.star} title={t('featured')}>
            <Icon name="star" size={15} />
            <span className="visually-hidden">{t('featured')}</span>
          </span>
        )
      }
      meta={(article) => [
        t('words', { n: article.word_count }),
        article.lang.toUpperCase(),
        few(article.tag_slugs, 3),
        hasLocalDraft(localStorage, article.id) && t('onDevice'),
      ]}
    />
  );
}

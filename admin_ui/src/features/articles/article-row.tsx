/** One article: its title first, the rest quietly below. The whole row is one link. */
import { Link } from '@tanstack/react-router';

import type { ArticleAdminSummary } from '~/data/articles';
import { hasLocalDraft } from '~/data/local-drafts';
import { Icon } from '~/ui/icon';
import { StatusBadge } from '~/ui/status-badge';
import { useLang, useTexts } from '~/ui/texts';
import { ago, dayAndTime } from '~/ui/time';

import classes from './article-row.module.css';
import { articleTexts } from './texts';

interface Props {
  article: ArticleAdminSummary;
  /** The site's: schedules are read in it. */
  timeZone: string;
}

export function ArticleRow({ article, timeZone }: Props) {
  const t = useTexts(articleTexts);
  const { lang } = useLang();
  const { status, publish_at: publishAt } = article;
  return (
    <li className={classes.row}>
      <Link to="/articles/$articleId" params={{ articleId: article.id }} className={classes.link}>
        <span className={classes.title} lang={article.lang}>
          {article.title || t('untitled')}
          {article.featured && (
            <span className={classes.star} title={t('featured')}>
              <Icon name="star" size={15} />
              <span className="visually-hidden">{t('featured')}</span>
            </span>
          )}
        </span>
        <span className={classes.status}>
          <StatusBadge status={status} label={t(status)} />
        </span>
        <span className={classes.meta}>
          {status === 'scheduled' && publishAt && (
            <span>{t('scheduledFor', { when: dayAndTime(publishAt, lang, timeZone) })}</span>
          )}
          <span>{t('updated', { when: ago(article.updated_at, lang) })}</span>
          <span>{t('words', { n: article.word_count })}</span>
          <span className={classes.lang}>{article.lang}</span>
          {article.has_unpublished_changes && (
            <span className={classes.changes}>{t('changes')}</span>
          )}
          {hasLocalDraft(localStorage, article.id) && (
            <span className={classes.changes}>{t('onDevice')}</span>
          )}
        </span>
      </Link>
    </li>
  );
}

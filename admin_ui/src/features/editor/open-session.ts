/** Opens an article for writing: from the server, from the copy on this device, or both. */
import type { QueryClient } from '@tanstack/react-query';

import { applyVerb, changeArticle, loadArticle, startArticle } from '~/data/articles';
import type { ArticleAdmin } from '~/data/articles';
import { draftsOf, forgetDraft, keepDraft, keepText, keepTyped } from '~/data/local-drafts';
import { siteQuery } from '~/data/site';

import { ArticleSession } from './article-session';
import { blank } from './fields';
import type { Fields } from './fields';
import type { Ports } from './session-state';
import { livingTabs, thisTab } from './tab';

export const NEW = 'new';

function ports(tab: string): Ports {
  return {
    load: loadArticle,
    create: startArticle,
    update: (id, revision, body, isAutosave) => changeArticle(id, revision, { ...body }, isAutosave),
    verb: applyVerb,
    keep: (id, draft) => keepDraft(localStorage, id, tab, draft),
    keepTyped: (id, splices, savedAt) => keepTyped(localStorage, id, tab, splices, savedAt),
    forget: (id) => forgetDraft(localStorage, id, tab),
    keepText: (id, text) => keepText(localStorage, id, text),
    setTimer: (act, ms) => window.setTimeout(act, ms),
    clearTimer: (timer) => window.clearTimeout(timer as number),
    now: () => new Date().toISOString(),
  };
}

/** Our own copy, else one whose tab is gone. Another living tab delivers its own. */
async function leftBehind(id: string | null, tab: string) {
  const alive = await livingTabs();
  const found = draftsOf<Fields>(localStorage, id);
  const own = found.find((item) => item.tab === tab);
  return own ?? found.find((item) => !alive.has(item.tab)) ?? null;
}

export async function openSession(queryClient: QueryClient, id: string): Promise<ArticleSession> {
  const tab = await thisTab();
  const wanted = id === NEW ? null : id;
  const [article, site, copy] = await Promise.all([
    wanted ? loadArticle(wanted) : (null as ArticleAdmin | null),
    queryClient.ensureQueryData(siteQuery),
    leftBehind(wanted, tab),
  ]);
  const fields = blank(site.languages[0] ?? 'en');
  const draft = copy?.draft ?? null;
  const session = new ArticleSession(ports(tab), article, fields, draft, crypto.randomUUID());
  // It lives on under this tab's name now.
  if (copy && copy.tab !== tab) forgetDraft(localStorage, wanted, copy.tab);
  return session;
}

/** Every room behind the sign-in and the screen that it shows; each is fetched when it is entered. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { listSearch } from '~/ui/list-search';

import { framed } from './frames';

const getParentRoute = () => framed;
const validateSearch = listSearch;

export const rooms = [
  createRoute({
    getParentRoute,
    path: '/',
    component: lazyRouteComponent(() => import('~/features/home/home-page'), 'HomePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/articles',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/articles/articles-page'), 'ArticlesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/pages',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/pages/pages-page'), 'PagesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/pages/$id',
    component: lazyRouteComponent(() => import('~/features/pages/page-page'), 'PagePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/projects',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/projects/projects-page'), 'ProjectsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/projects/$id',
    component: lazyRouteComponent(() => import('~/features/projects/project-page'), 'ProjectPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/media',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/media/media-page'), 'MediaPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/media/$id',
    component: lazyRouteComponent(() => import('~/features/media/media-item-page'), 'MediaItemPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/series',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/tags/series-list-page'), 'SeriesListPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/series/$id',
    component: lazyRouteComponent(() => import('~/features/tags/series-page'), 'SeriesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/tags',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/tags/tags-page'), 'TagsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/tags/$id',
    component: lazyRouteComponent(() => import('~/features/tags/tag-page'), 'TagPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/trash',
    component: lazyRouteComponent(() => import('~/features/trash/trash-page'), 'TrashPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/profiles',
    component: lazyRouteComponent(() => import('~/features/profiles/profiles-page'), 'ProfilesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/profiles/$profileId',
    component: lazyRouteComponent(() => import('~/features/profiles/profile-page'), 'ProfilePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/messages',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/contact/messages-page'), 'MessagesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/messages/$id',
    component: lazyRouteComponent(() => import('~/features/contact/message-page'), 'MessagePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/accounts',
    component: lazyRouteComponent(() => import('~/features/accounts/accounts-page'), 'AccountsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/site',
    component: lazyRouteComponent(() => import('~/features/site/site-page'), 'SitePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/redirects',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/redirects/redirects-page'), 'RedirectsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/redirects/$id',
    component: lazyRouteComponent(() => import('~/features/redirects/redirect-page'), 'RedirectPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/webhooks',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/webhooks/webhooks-page'), 'WebhooksPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/webhooks/$id',
    component: lazyRouteComponent(() => import('~/features/webhooks/webhook-page'), 'WebhookPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/audit',
    validateSearch,
    component: lazyRouteComponent(() => import('~/features/audit/audit-page'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/tokens',
    component: lazyRouteComponent(() => import('~/features/tokens/tokens-page'), 'TokensPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/account',
    component: lazyRouteComponent(() => import('~/features/account/account-page'), 'AccountPage'),
  }),
] as const;

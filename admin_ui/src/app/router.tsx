/** Which address shows which screen; the editor and the rarer screens come when they are asked for. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';

import type { Status } from '~/api';
import { asProblem } from '~/data/problem';
import { sessionQuery } from '~/data/session';
import { ArticlesPage } from '~/features/articles/articles-page';
import { SetupPage } from '~/features/session/setup-page';
import { SignInPage } from '~/features/session/sign-in-page';

import { Broken } from './broken';
import { Inside } from './inside';
import { Lost } from './lost';
import { Shell } from './shell';
import { Waiting } from './waiting';

const STATUSES: readonly Status[] = ['draft', 'scheduled', 'published', 'unpublished', 'trashed'];

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Lost,
  errorComponent: Broken,
});

const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: SetupPage });
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInPage,
  validateSearch: (search): { to?: string } =>
    typeof search.to === 'string' && /^\/(?![/\\])/.test(search.to) ? { to: search.to } : {},
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('~/features/session/forgot-page'), 'ForgotPage'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('~/features/session/reset-page'), 'ResetPage'),
});
const join = createRoute({
  getParentRoute: () => root,
  path: '/accept-invitation',
  component: lazyRouteComponent(() => import('~/features/session/join-page'), 'JoinPage'),
});
const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: '/confirm-email',
  component: lazyRouteComponent(() => import('~/features/session/confirm-email-page'), 'ConfirmEmailPage'),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Inside,
  beforeLoad: async ({ context, location }) => {
    let person;
    try {
      person = await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (asProblem(error).status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
    }
    if (person.lacks === 'enrolment' && location.pathname !== '/account') {
      throw redirect({ to: '/account', replace: true });
    }
  },
});

const framed = createRoute({ getParentRoute: () => inside, id: 'framed', component: Shell });

const home = createRoute({
  getParentRoute: () => framed,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/articles', replace: true });
  },
});
const articles = createRoute({
  getParentRoute: () => framed,
  path: '/articles',
  component: ArticlesPage,
  validateSearch: (search): { status?: Status; cursor?: string } => ({
    ...(STATUSES.includes(search.status as Status) && { status: search.status as Status }),
    ...(typeof search.cursor === 'string' && { cursor: search.cursor }),
  }),
});
const profiles = createRoute({
  getParentRoute: () => framed,
  path: '/profiles',
  component: lazyRouteComponent(() => import('~/features/profiles/profiles-page'), 'ProfilesPage'),
});
const profile = createRoute({
  getParentRoute: () => framed,
  path: '/profiles/$profileId',
  component: lazyRouteComponent(() => import('~/features/profiles/profile-page'), 'ProfilePage'),
});
const site = createRoute({
  getParentRoute: () => framed,
  path: '/site',
  component: lazyRouteComponent(() => import('~/features/site/site-page'), 'SitePage'),
});
const tokens = createRoute({
  getParentRoute: () => framed,
  path: '/tokens',
  component: lazyRouteComponent(() => import('~/features/tokens/tokens-page'), 'TokensPage'),
});
const account = createRoute({
  getParentRoute: () => framed,
  path: '/account',
  component: lazyRouteComponent(() => import('~/features/account/account-page'), 'AccountPage'),
});

/** Full width and without the frame: writing wants the whole page. */
const editor = createRoute({
  getParentRoute: () => inside,
  path: '/articles/$articleId',
  component: lazyRouteComponent(() => import('~/features/editor/editor-page'), 'EditorPage'),
});

const tree = root.addChildren([
  setup,
  signIn,
  forgot,
  reset,
  join,
  confirmEmail,
  inside.addChildren([
    framed.addChildren([home, articles, profiles, profile, site, tokens, account]),
    editor,
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: '/admin',
    context: { queryClient },
    defaultPendingComponent: Waiting,
    defaultPendingMs: 300,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

/** Which address shows which screen; the editor and the rarer screens come when they are asked for. */
import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';

import { SetupPage } from '~/features/session/setup-page';
import { SignInPage } from '~/features/session/sign-in-page';
import { Waiting } from '~/ui/waiting';

import { framed, inside, root } from './frames';
import { rooms } from './rooms';

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
  inside.addChildren([framed.addChildren(rooms), editor]),
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

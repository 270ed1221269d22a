/** What lies around the rooms: the root, the sign-in before them, and the frame with the navigation. */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';

import { asProblem } from '~/data/problem';
import { sessionQuery } from '~/data/session';

import { Broken } from './broken';
import { Inside } from './inside';
import { Lost } from './lost';
import { Shell } from './shell';

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Lost,
  errorComponent: Broken,
});

export const inside = createRoute({
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

export const framed = createRoute({ getParentRoute: () => inside, id: 'framed', component: Shell });

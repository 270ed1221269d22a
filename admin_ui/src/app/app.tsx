import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';

import { asProblem } from '~/data/problem';
import { nonce } from '~/ui/nonce';
import { LangProvider } from '~/ui/texts';

import { createAppRouter } from './router';
import { theme, variables } from './theme';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 3 && asProblem(error).isPassing,
      staleTime: 5_000,
    },
  },
});
const router = createAppRouter(queryClient);

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <LangProvider>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LangProvider>
    </MantineProvider>
  );
}

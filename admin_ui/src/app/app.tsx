import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy } from 'react';

import { asProblem } from '~/data/problem';
import { nonce } from '~/ui/nonce';
import { TextEditorContext } from '~/ui/text-editor';
import type { TextEditorProps } from '~/ui/text-editor';
import { LangProvider } from '~/ui/texts';

import { createAppRouter } from './router';
import { theme, variables } from './theme';

const TextField = lazy(async () => ({ default: (await import('./text-field')).TextField }));
const showEditor = (props: TextEditorProps) => <TextField {...props} />;

const queryClient: QueryClient = new QueryClient({
  mutationCache: new MutationCache({
    onError: (error) => {
      // What was refused for its revision is seen as it is now, and can be done the next time.
      if (asProblem(error).status === 412) void queryClient.invalidateQueries();
    },
  }),
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
          <TextEditorContext value={showEditor}>
            <RouterProvider router={router} />
          </TextEditorContext>
        </QueryClientProvider>
      </LangProvider>
    </MantineProvider>
  );
}

/** What the server answered to a change is what stands there now. */
import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** A load that set out before the change would bring back what was there before it: it is called off. */
export function remember<T>(client: QueryClient, queryKey: QueryKey, saved: T): void {
  void client.cancelQueries({ queryKey, exact: true });
  client.setQueryData(queryKey, saved);
}

/** In the browser a page's data comes from the CMS; what was built stands in while it can't be reached. */
import { Unreachable } from './api';

interface Loading<T> {
  params: Record<string, string | undefined>;
  request: Request;
  serverLoader: () => Promise<T>;
}

type Load<T> = (asked: Pick<Loading<T>, 'params' | 'request'>) => Promise<T>;

/** A `clientLoader` of the same `load` that was prerendered. */
export function fresh<T>(load: Load<T>) {
  return async ({ params, request, serverLoader }: Loading<unknown>): Promise<T> => {
    try {
      return await load({ params, request });
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof TypeError)) throw error;
      return (await serverLoader()) as T;
    }
  };
}

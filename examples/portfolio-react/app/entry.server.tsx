/** Renders pages when the site is built; no server runs afterwards. */
import { renderToReadableStream } from 'react-dom/server';
import { ServerRouter, type EntryContext } from 'react-router';

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  const failures: unknown[] = [];
  const page = await renderToReadableStream(<ServerRouter context={context} url={request.url} />, {
    onError(error) {
      failures.push(error);
    },
    // Nothing is streamed: parts that arrive later would need scripts to move them into place.
    progressiveChunkSize: Number.POSITIVE_INFINITY,
  });
  await page.allReady;
  if (failures.length > 0) throw failures[0];
  headers.set('Content-Type', 'text/html');
  return new Response(page, { headers, status });
}

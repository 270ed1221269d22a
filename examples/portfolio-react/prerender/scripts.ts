/**
 * Takes the code that React Router writes between script tags out of the pages, for a policy without
 * 'unsafe-inline'. A page's data stays in it as JSON, which no browser runs; the rest becomes files.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { NOTHING } from './addresses.ts';

const SCRIPT = /<script(?<attributes>[^>]*)>(?<code>[\s\S]*?)<\/script>/g;
const STREAM = 'window.__reactRouterContext.streamController';
const DATA = new RegExp(`^${STREAM}\\.enqueue\\((?<text>".*")\\);?$`, 's');
// Hands the data of the page to the router, then says that this is all.
const HAND_OVER = `for (const block of document.querySelectorAll('script[data-page]'))
  ${STREAM}.enqueue(JSON.parse(block.textContent));
${STREAM}.close();
`;

export async function withoutInlineScripts(folder: string): Promise<void> {
  const client = path.join(folder, 'client');
  const names = await readdir(client, { recursive: true });
  const files = new Map<string, string>();
  for (const name of names) {
    const file = path.join(client, name);
    if (path.basename(name, '.data') === NOTHING) await rm(file, { recursive: true });
    if (!name.endsWith('.html') || name.split(path.sep).includes(NOTHING)) continue;
    await writeFile(file, outsourced(await readFile(file, 'utf8'), files));
  }
  for (const [address, code] of files) await writeFile(path.join(client, address), code);
}

/** The page with addresses in place of code, which is added to `files`. */
function outsourced(page: string, files: Map<string, string>): string {
  return page.replace(SCRIPT, (whole: string, attributes: string, code: string) => {
    // What has an address is a file already, and search engines' data is not run.
    if (code === '' || attributes.includes('ld+json')) return whole;
    const data = DATA.exec(code)?.groups?.text;
    if (data !== undefined) {
      JSON.parse(data);
      return `<script type="application/json" data-page="">${data}</script>`;
    }
    const moved = code.trim().startsWith(`${STREAM}.close(`) ? HAND_OVER : code;
    const address = `/assets/inline-${createHash('sha256').update(moved).digest('hex').slice(0, 12)}.js`;
    files.set(address, moved);
    // In the order of the page, so not `async`: the data stands before the module that reads it.
    return `<script${attributes.replace(/ async(="")?/, '')} src="${address}"></script>`;
  });
}

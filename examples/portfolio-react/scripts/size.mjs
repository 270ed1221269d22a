// What a first visit has to fetch in JavaScript, compressed with gzip: each page with all that it imports.
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET = 120;
const here = path.dirname(import.meta.dirname);
const built = path.join(here, '.react-router', 'weighed', 'client');
// Without a CMS no page can be written, but the scripts are the same.
const tool = path.join(here, 'node_modules/@react-router/dev/bin.cjs');
const env = { ...process.env, LONTAR_WEIGH: '1' };
execFileSync(process.execPath, [tool, 'build', '--logLevel', 'error'], { cwd: here, env, stdio: ['ignore', 'ignore', 'inherit'] });

const kib = new Map();
async function weight(address) {
  if (!kib.has(address)) kib.set(address, gzipSync(await readFile(path.join(built, address)), { level: 9 }).length / 1024);
  return kib.get(address);
}

const assets = await readdir(path.join(built, 'assets'));
const name = assets.find((file) => /^manifest-.*\.js$/.test(file));
const told = await readFile(path.join(built, 'assets', name), 'utf8');
const manifest = JSON.parse(told.replace(/^window\.__reactRouterManifest=/, '').replace(/;$/, ''));
const always = [`/assets/${name}`, '/theme.js', manifest.entry.module, ...manifest.entry.imports];
const root = manifest.routes.root;
// React Router's own lines between the tags, made files by prerender/scripts.ts.
const INLINE = 1;

let isOver = false;
for (const [id, route] of Object.entries(manifest.routes)) {
  if (id === 'root') continue;
  const parts = [root, route].flatMap((one) => [one.module, one.clientLoaderModule, ...one.imports]).filter(Boolean);
  let size = INLINE;
  for (const address of new Set([...always, ...parts])) size += await weight(address);
  const isTooLarge = size > BUDGET;
  isOver ||= isTooLarge;
  if (isTooLarge || process.argv.includes('--all')) console.log(`${id}: ${size.toFixed(1)} KiB gz of ${BUDGET}`);
}
const most = Math.max(...[...kib.values()]);
console.log(`JavaScript of a first visit: ${isOver ? 'TOO MUCH' : `within ${BUDGET} KiB gz`} (largest file ${most.toFixed(1)})`);
process.exitCode = isOver ? 1 : 0;

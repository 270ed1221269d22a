// Generates src/generated from the public part of docs/openapi.json; with --check, says whether what is committed is current.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { createClient } from '@hey-api/openapi-ts';

import { publicPart } from './public.mjs';

const here = path.dirname(import.meta.dirname);
const document = path.resolve(process.env.LONTAR_OPENAPI ?? path.join(here, '../docs/openapi.json'));
const committed = path.join(here, 'src/generated');
const made = await mkdtemp(path.join(os.tmpdir(), 'lontar-sdk-'));

async function contents(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')])),
  );
}

try {
  await createClient({
    input: publicPart(JSON.parse(await readFile(document, 'utf8'))),
    output: { path: made, entryFile: false, module: { extension: '.js' } },
    logs: { level: 'error' },
    plugins: [
      { name: '@hey-api/client-fetch', baseUrl: '' },
      '@hey-api/typescript',
      { name: '@hey-api/sdk', operations: { strategy: 'flat' } },
      '@tanstack/react-query',
    ],
  });
  // The generator's comments link to a package registry; no address of one belongs in the tree.
  for (const [name, text] of Object.entries(await contents(made))) {
    const told = text.replace(/\{@link https?:\/\/\S+\/package\/\S+ (`[^`]+`)\}/g, '$1');
    if (told !== text) await writeFile(path.join(made, name), told);
  }
  if (process.argv.includes('--check')) {
    const [before, after] = await Promise.all([contents(committed), contents(made)]);
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const differing = names.filter((name) => before[name] !== after[name]);
    if (differing.length > 0) {
      console.error(`src/generated is not what docs/openapi.json gives: ${differing.join(', ')}`);
      console.error('Run: make openapi');
      process.exitCode = 1;
    }
  } else {
    await rm(committed, { recursive: true, force: true });
    await cp(made, committed, { recursive: true });
  }
} finally {
  await rm(made, { recursive: true, force: true });
}

// Generates src/api from docs/openapi.json; with --check, says whether what is committed is current.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { createClient } from '@hey-api/openapi-ts';

const here = path.dirname(import.meta.dirname);
const input = path.resolve(process.env.LONTAR_OPENAPI ?? path.join(here, '../docs/openapi.json'));
const table = path.join(here, '../docs/permissions.md');
const committed = path.join(here, 'src/api');
const made = await mkdtemp(path.join(os.tmpdir(), 'lontar-api-'));

async function contents(folder) {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')])),
  );
}

/** The table of who may do what, from the page that a test compares with the program's own. */
function permissions(page) {
  const [head, , ...rows] = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  const entries = rows.map(([name, ...reaches]) => [
    name.replaceAll('`', ''),
    Object.fromEntries(reaches.map((reach, index) => [head[index + 1], reach === '-' ? null : reach])),
  ]);
  const told = JSON.stringify(Object.fromEntries(entries), null, 2);
  return `// This file is auto-generated from docs/permissions.md\n\nexport const permissions = ${told} as const;\n`;
}

try {
  await createClient({
    input,
    output: { path: made, entryFile: true },
    logs: { level: 'error' },
    plugins: [
      { name: '@hey-api/client-fetch', baseUrl: '' },
      '@hey-api/typescript',
      { name: '@hey-api/sdk', operations: { strategy: 'flat' } },
    ],
  });
  await writeFile(path.join(made, 'permissions.gen.ts'), permissions(await readFile(table, 'utf8')));
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
      console.error(`src/api is not what docs/openapi.json gives: ${differing.join(', ')}`);
      console.error('Run: python admin_ui/build.py run api');
      process.exitCode = 1;
    }
  } else {
    await rm(committed, { recursive: true, force: true });
    await cp(made, committed, { recursive: true });
  }
} finally {
  await rm(made, { recursive: true, force: true });
}

// Kebab-case names everywhere, no component without its own file, no feature that ESLint has not heard of.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const source = path.join(path.dirname(import.meta.dirname), 'src');
const complaints = [];
const entries = await readdir(source, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));

for (const file of files) {
  const name = path.relative(source, file);
  if (name.startsWith('api/')) continue;
  if (!/^([a-z0-9-]+\/)*[a-z0-9-]+(\.(module|test))?\.(ts|tsx|css)$|^([a-z0-9-]+\/)*[a-z0-9-]+\.json$|^vite-env\.d\.ts$/.test(name)) {
    complaints.push(`${name}: files are named in kebab-case`);
  }
  if (!name.endsWith('.tsx')) continue;
  const components = (await readFile(file, 'utf8')).match(/^export function [A-Z]\w+/gm) ?? [];
  if (components.length > 1) complaints.push(`${name}: one component for each file`);
}

const config = await readFile(path.join(source, '../eslint.config.js'), 'utf8');
for (const feature of await readdir(path.join(source, 'features'))) {
  if (!config.includes(`'${feature}'`)) complaints.push(`features/${feature}: not listed in eslint.config.js`);
}

for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;

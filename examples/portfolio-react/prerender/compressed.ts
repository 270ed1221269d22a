/** Writes a `.gz` beside each text file, as small as gzip can: a server only has to pick it. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const TEXT = /\.(css|data|html|js|svg)$/;

export async function compressed(folder: string): Promise<void> {
  const client = path.join(folder, 'client');
  for (const name of await readdir(client, { recursive: true })) {
    if (!TEXT.test(name)) continue;
    const file = path.join(client, name);
    const plain = await readFile(file);
    if (plain.length >= 256) await writeFile(`${file}.gz`, await promisify(gzip)(plain, { level: 9 }));
  }
}

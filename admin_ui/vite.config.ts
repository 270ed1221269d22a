import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const COMPRESSED = /\.(css|html|js|json|svg|txt|webmanifest)$/;

/** Writes `.br` and `.gz` beside each text file: the CMS picks one and compresses nothing itself. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'lontar-compressed',
    apply: 'build',
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      for (const name of await readdir(folder, { recursive: true })) {
        if (!COMPRESSED.test(name) || name === 'index.html') continue;
        const file = path.join(folder, name);
        const plain = await readFile(file);
        if (plain.length < 1024) continue;
        const br = await promisify(brotliCompress)(plain, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
        });
        await writeFile(`${file}.br`, br);
        await writeFile(`${file}.gz`, await promisify(gzip)(plain, { level: 9 }));
      }
    },
  };
}

/**
 * CodeMirror's Markdown imports its HTML, and that the parsers of CSS and JavaScript, for a set-up
 * that `markdown-language.ts` replaces. Unused as they are, they would still be put into the chunk
 * that a writer waits for, since blocks of code import the same modules later.
 */
function markdownAlone(): Plugin {
  const nothing = '\0lontar-nothing';
  return {
    name: 'lontar-markdown-alone',
    enforce: 'pre',
    resolveId: (source, importer = '') =>
      source === '@codemirror/lang-html' && importer.includes('/lang-markdown/') ? nothing : null,
    load: (id) =>
      id === nothing ? 'export const html = () => null; export const htmlCompletionSource = null;' : null,
  };
}

export default defineConfig({
  base: '/admin/',
  plugins: [markdownAlone(), react(), compressed()],
  resolve: { alias: { '~': path.resolve(import.meta.dirname, 'src') } },
  build: {
    outDir: '../cms/_admin',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0, // font-src and img-src know no data: fonts
    manifest: 'manifest.json',
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});

import { reactRouter } from '@react-router/dev/vite';
import { defineConfig } from 'vite';

const api = process.env.LONTAR_API ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [reactRouter()],
  resolve: { tsconfigPaths: true },
  // Fonts and pictures stay files: the policy knows no data: fonts.
  build: {
    assetsInlineLimit: 0,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // Browsers that know import maps and CSS nesting preload modules by themselves.
    modulePreload: { polyfill: false },
    // What most pages need comes as one file, not as twenty small ones; the rest with the page that needs it.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'site', minShareCount: 5 }] } } },
  },
  server: { proxy: { '/api': api, '/media': api } },
});

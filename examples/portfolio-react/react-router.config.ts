import type { Config } from '@react-router/dev/config';

import { addresses } from './prerender/addresses.ts';
import { compressed } from './prerender/compressed.ts';
import { withoutInlineScripts } from './prerender/scripts.ts';

// Only the scripts and styles, to weigh them without a CMS: see scripts/size.mjs.
const isWeighed = process.env.LONTAR_WEIGH === '1';

export default {
  buildDirectory: isWeighed ? '.react-router/weighed' : (process.env.LONTAR_BUILT ?? 'build'),
  ssr: isWeighed,
  prerender: isWeighed ? false : { paths: addresses, concurrency: 4 },
  routeDiscovery: { mode: 'initial' },
  async buildEnd({ reactRouterConfig }) {
    if (isWeighed) return;
    await withoutInlineScripts(reactRouterConfig.buildDirectory);
    await compressed(reactRouterConfig.buildDirectory);
  },
} satisfies Config;

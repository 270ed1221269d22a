/** The rooms of the admin, in the order of the navigation, with what opens each of them. */
import type { Permission } from '~/data/permissions';
import type { IconName } from '~/ui/icon';

import type { appTexts } from './texts';

type Word = keyof typeof appTexts.en;

export interface Place {
  to: string;
  key: Word;
  icon: IconName;
  needs?: Permission;
}

export const GROUPS: { key: Word; places: Place[] }[] = [
  {
    key: 'write',
    places: [
      { to: '/', key: 'homePlace', icon: 'home' },
      { to: '/articles', key: 'articles', icon: 'article' },
      { to: '/pages', key: 'pages', icon: 'page' },
      { to: '/projects', key: 'projects', icon: 'folder' },
    ],
  },
  {
    key: 'organise',
    places: [
      { to: '/media', key: 'media', icon: 'image' },
      { to: '/series', key: 'series', icon: 'layers' },
      { to: '/tags', key: 'tags', icon: 'tag' },
      { to: '/trash', key: 'trash', icon: 'trash' },
    ],
  },
  {
    key: 'people',
    places: [
      { to: '/messages', key: 'messages', icon: 'inbox', needs: 'contact:read' },
      { to: '/profiles', key: 'profiles', icon: 'people' },
      { to: '/accounts', key: 'accounts', icon: 'person', needs: 'accounts:read' },
    ],
  },
  {
    key: 'house',
    places: [
      { to: '/site', key: 'site', icon: 'sliders', needs: 'site:write' },
      { to: '/redirects', key: 'redirects', icon: 'signpost', needs: 'site:write' },
      { to: '/webhooks', key: 'webhooks', icon: 'bolt', needs: 'webhooks:write' },
      { to: '/audit', key: 'audit', icon: 'clock', needs: 'audit:read' },
    ],
  },
];

/** The frame around every screen but the editor: navigation left, a burger on small screens. */
import { Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';

import { Brand } from '~/ui/brand';
import { Icon } from '~/ui/icon';
import type { IconName } from '~/ui/icon';
import { useTexts } from '~/ui/texts';
import { useShortcuts } from '~/ui/use-shortcuts';

import { AccountMenu } from './account-menu';
import classes from './shell.module.css';
import { ShortcutsHelp } from './shortcuts-help';
import { appTexts } from './texts';

const PLACES = [
  { to: '/articles', key: 'articles', icon: 'article' },
  { to: '/profiles', key: 'profiles', icon: 'people' },
  { to: '/site', key: 'site', icon: 'sliders' },
] as const satisfies readonly { to: string; key: keyof typeof appTexts.en; icon: IconName }[];

export function Shell() {
  const t = useTexts(appTexts);
  const [isOpen, { toggle, close }] = useDisclosure();
  const [isHelp, help] = useDisclosure();
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(close, [path, close]);
  useShortcuts({ '?': help.open, Escape: close });
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        {t('skip')}
      </a>
      <nav aria-label={t('main')} className={classes.frame}>
        <div className={classes.top}>
          <Burger
            opened={isOpen}
            onClick={toggle}
            size="sm"
            aria-expanded={isOpen}
            aria-controls="navigation"
            aria-label={isOpen ? t('closeMenu') : t('openMenu')}
          />
          <Link to="/articles" className={classes.brand}>
            <Brand />
          </Link>
        </div>
        <div className={classes.side} id="navigation" data-open={isOpen || undefined}>
          <Link to="/articles" className={`${classes.brand} ${classes.wideOnly}`}>
            <Brand />
          </Link>
          <div className={classes.places}>
            {PLACES.map(({ to, key, icon }) => (
              <Link key={to} to={to} className={classes.place} onClick={close}>
                <Icon name={icon} />
                {t(key)}
              </Link>
            ))}
          </div>
          <AccountMenu onHelp={help.open} />
        </div>
      </nav>
      <main id="content" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <ShortcutsHelp isOpen={isHelp} onClose={help.close} />
    </div>
  );
}

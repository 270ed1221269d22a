/** The frame around every screen but the editor: navigation left, a burger on small screens. */
import { Burger, Kbd, UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

import { Palette } from '~/features/palette/palette';
import { Brand } from '~/ui/brand';
import { Icon } from '~/ui/icon';
import { useTexts } from '~/ui/texts';
import { useMay } from '~/ui/use-may';
import { useShortcuts } from '~/ui/use-shortcuts';

import { AccountMenu } from './account-menu';
import { Navigation } from './navigation';
import { GROUPS } from './places';
import classes from './shell.module.css';
import { ShortcutsHelp } from './shortcuts-help';
import { appTexts } from './texts';

export function Shell() {
  const t = useTexts(appTexts);
  const [isOpen, { toggle, close }] = useDisclosure();
  const [isHelp, help] = useDisclosure();
  const [isFinding, palette] = useDisclosure();
  const may = useMay();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const shown = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const content = useRef<HTMLElement>(null);
  const before = useRef(shown);
  useEffect(close, [path, close]);
  useEffect(() => {
    // A link that led away is gone with its screen; the next one begins where it stood.
    const hasLed = before.current !== undefined && before.current !== shown;
    before.current = shown;
    if (hasLed && document.activeElement === document.body) content.current?.focus({ preventScroll: true });
  }, [shown]);
  useHotkeys([['mod+K', palette.open]], [], true);
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
          <Link to="/" className={classes.brand}>
            <Brand />
          </Link>
        </div>
        <div className={classes.side} id="navigation" data-open={isOpen || undefined}>
          <Link to="/" className={`${classes.brand} ${classes.wideOnly}`}>
            <Brand />
          </Link>
          <UnstyledButton className={classes.find} onClick={palette.open}>
            <Icon name="search" />
            <span>{t('find')}</span>
            <Kbd size="xs">Ctrl K</Kbd>
          </UnstyledButton>
          <Navigation onGo={close} />
          <AccountMenu onHelp={help.open} />
        </div>
      </nav>
      <main id="content" ref={content} tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      {isFinding && (
        <Palette
          places={GROUPS.flatMap(({ places }) => places)
            .filter(({ needs }) => !needs || may(needs))
            .map(({ to, key, icon }) => ({ to, icon, label: t(key) }))}
          onClose={palette.close}
        />
      )}
      <ShortcutsHelp isOpen={isHelp} onClose={help.close} />
    </div>
  );
}

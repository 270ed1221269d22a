/** Who is signed in, and what belongs to them: tokens, language, appearance, the way out. */
import { Avatar, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { sessionQuery } from '~/data/session';
import { Icon } from '~/ui/icon';
import { MenuDropdown } from '~/ui/menu-dropdown';
import { useLang, useTexts } from '~/ui/texts';
import type { Lang } from '~/ui/texts';

import classes from './account-menu.module.css';
import { SignOutDialog } from './sign-out-dialog';
import { appTexts } from './texts';

const LOOKS = [
  { value: 'light', text: 'light' },
  { value: 'dark', text: 'dark' },
  { value: 'auto', text: 'system' },
] as const;

const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'id', label: 'Bahasa Indonesia' },
] as const;

export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const t = useTexts(appTexts);
  const { lang, setLang } = useLang();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { data: account } = useSuspenseQuery(sessionQuery);
  const [isLeaving, leaving] = useDisclosure();
  return (
    <>
      <Menu position="top-start" width={252} shadow="md">
        <Menu.Target>
          <UnstyledButton className={classes.button}>
            <span className="visually-hidden">{t('account')}: </span>
            <Avatar size={30} radius="xl" name={account.name} color="leaf" aria-hidden />
            <span className={classes.who}>
              <span className={classes.name}>{account.name}</span>
              <span className={classes.mail}>{account.email}</span>
            </span>
          </UnstyledButton>
        </Menu.Target>
        <MenuDropdown>
          <Menu.Item component={Link} to="/account" leftSection={<Icon name="people" />}>
            {t('mine')}
          </Menu.Item>
          <Menu.Item component={Link} to="/tokens" leftSection={<Icon name="key" />}>
            {t('tokens')}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="star" />} onClick={onHelp}>
            {t('help')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('look')}</Menu.Label>
          <Menu.RadioGroup
            aria-label={t('look')}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as MantineColorScheme)}
          >
            {LOOKS.map(({ value, text }) => (
              <Menu.RadioItem key={value} value={value}>
                {t(text)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Label>{t('language')}</Menu.Label>
          <Menu.RadioGroup
            aria-label={t('language')}
            value={lang}
            onChange={(value) => setLang(value as Lang)}
          >
            {LANGUAGES.map(({ value, label }) => (
              <Menu.RadioItem key={value} value={value}>
                {label}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="leave" />} onClick={leaving.open}>
            {t('signOut')}
          </Menu.Item>
        </MenuDropdown>
      </Menu>
      {isLeaving && <SignOutDialog onStay={leaving.close} />}
    </>
  );
}

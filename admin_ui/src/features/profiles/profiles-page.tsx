/** The authors that readers see. */
import { Avatar, Button, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { profilesQuery } from '~/data/profiles';
import { EmptyState } from '~/ui/empty-state';
import { Icon } from '~/ui/icon';
import { Page } from '~/ui/page';
import { StatusBadge } from '~/ui/status-badge';
import { useTexts } from '~/ui/texts';

import classes from './profiles-page.module.css';
import { profileTexts } from './texts';

export function ProfilesPage() {
  const t = useTexts(profileTexts);
  const { data, error } = useQuery(profilesQuery);
  return (
    <Page
      title={t('title')}
      actions={
        <Button
          component={Link}
          to="/profiles/new"
          leftSection={<Icon name="plus" size={16} />}
        >
          {t('new')}
        </Button>
      }
    >
      {error && <EmptyState title={t('couldNotLoad')} hint={error.message} />}
      {!data && !error && (
        <Stack aria-hidden="true">
          <Skeleton height={64} />
          <Skeleton height={64} />
        </Stack>
      )}
      {data?.length === 0 && <EmptyState title={t('empty')} hint={t('emptyHint')} />}
      <ul className={classes.list}>
        {data?.map(({ id, name, headline, status }) => (
          <li key={id}>
            <Link to="/profiles/$profileId" params={{ profileId: id }} className={classes.link}>
              <Avatar name={name} color="leaf" radius="xl" size={44} aria-hidden />
              <span className={classes.words}>
                <span className={classes.name}>{name}</span>
                <span className={classes.headline}>{headline}</span>
              </span>
              <StatusBadge
                status={status}
                label={status === 'published' ? t('public') : t('hidden')}
              />
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}

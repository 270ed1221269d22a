/** Links that show the draft to whoever holds them: made, copied, opened, revoked. */
import { Button, CopyButton, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { makePreviewLink, previewLinksQuery, revokePreviewLink } from '~/data/article-past';
import { Alarm } from '~/ui/alarm';
import { useLang, useTexts } from '~/ui/texts';
import { dayAndTime } from '~/ui/time';

import type { ArticleSession } from './article-session';
import { settingTexts } from './setting-texts';

interface Props {
  articleId: string;
  session: ArticleSession;
  zone: string;
}

const DAYS = [1, 3, 7, 30];

export function PreviewLinks({ articleId, session, zone }: Props) {
  const t = useTexts(settingTexts);
  const { lang } = useLang();
  const queryClient = useQueryClient();
  const [days, setDays] = useState('3');
  const wanted = previewLinksQuery(articleId);
  const { data: links = [] } = useQuery(wanted);
  const refresh = () => queryClient.invalidateQueries(wanted);
  const make = useMutation({
    mutationFn: async () => {
      await session.flush();
      return makePreviewLink(articleId, Number(days) * 24);
    },
    onSuccess: refresh,
  });
  const revoke = useMutation({
    mutationFn: (link: string) => revokePreviewLink(articleId, link),
    onSuccess: refresh,
  });
  const made = make.data && links.some(({ id }) => id === make.data.id) ? make.data : null;
  return (
    <Stack gap="xs" component="section" aria-label={t('links')}>
      <Text fw={600}>{t('links')}</Text>
      <Text size="sm" c="dimmed">
        {t('addLinkHint')}
      </Text>
      <Group align="flex-end" wrap="nowrap">
        <Select
          w={110}
          label={t('linkFor')}
          allowDeselect={false}
          value={days}
          data={DAYS.map((n) => ({ value: String(n), label: t('days', { n }) }))}
          onChange={(value) => value && setDays(value)}
        />
        <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
          {t('addLink')}
        </Button>
      </Group>
      <Alarm error={revoke.error ?? make.error} />
      {made && (
        <>
          <TextInput readOnly label={t('linkOnce')} value={made.url} onFocus={(event) => event.target.select()} />
          <Group gap="xs">
            <CopyButton value={made.url}>
              {({ copied, copy }) => (
                <Button size="xs" onClick={copy}>
                  {copied ? t('copied') : t('copyLink')}
                </Button>
              )}
            </CopyButton>
            <Button size="xs" variant="default" component="a" href={made.url} target="_blank" rel="noreferrer">
              {t('openLink')}
            </Button>
          </Group>
        </>
      )}
      {links.map(({ id, expires_at, created_by }) => {
        const told = t('linkExpires', {
          when: dayAndTime(expires_at, lang, zone),
          who: created_by.name,
        });
        return (
          <Group key={id} justify="space-between" wrap="nowrap">
            <Text size="sm">{told}</Text>
            <Button
              flex="none"
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-label={`${t('revoke')}: ${told}`}
              onClick={() => revoke.mutate(id)}
            >
              {t('revoke')}
            </Button>
          </Group>
        );
      })}
    </Stack>
  );
}

/** Makes a token and shows it once. */
import { Alert, Button, Checkbox, Code, CopyButton, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { PERMISSIONS } from '~/data/permissions';
import type { Permission } from '~/data/permissions';
import { makeToken, tokensQuery } from '~/data/tokens';
import type { TokenCreated } from '~/data/tokens';
import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';
import { useMay } from '~/ui/use-may';

import { tokenTexts } from './texts';
import classes from './tokens-page.module.css';

import '~/ui/mantine-forms.css';

const LIVES = [7, 30, 90, 365];

export function NewToken({ onClose }: { onClose: () => void }) {
  const t = useTexts(tokenTexts);
  // The server makes no token that may more than its maker.
  const offered = PERMISSIONS.filter(useMay());
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Permission[]>(['read']);
  const [life, setLife] = useState('90');
  const [made, setMade] = useState<TokenCreated | null>(null);
  const { mutate, isPending, error } = useMutation({
    mutationFn: makeToken,
    onSuccess: async (token) => {
      setMade(token);
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    mutate({ name, scopes, expires_in_days: Number(life) });
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('new')}
      closeOnClickOutside={!made && !isPending}
      closeOnEscape={!made && !isPending}
      withCloseButton={!made && !isPending}
      closeButtonProps={{ 'aria-label': t('cancel') }}
    >
      {made ? (
        <Stack>
          <Text>{t('once')}</Text>
          <Code block aria-label={t('shown')} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {made.token}
          </Code>
          <Group justify="flex-end">
            <CopyButton value={made.token}>
              {({ copied, copy }) => (
                <Button variant="default" autoFocus onClick={copy}>
                  {copied ? t('copied') : t('copy')}
                </Button>
              )}
            </CopyButton>
            <Button onClick={onClose}>{t('done')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label={t('name')}
              value={name}
              required
              withAsterisk={false}
              maxLength={120}
              data-autofocus
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Checkbox.Group label={t('scopes')} value={scopes} onChange={setScopes}>
              <div className={classes.offered}>
                {offered.map((scope) => (
                  <Checkbox key={scope} value={scope} label={<Code>{scope}</Code>} />
                ))}
              </div>
            </Checkbox.Group>
            <Select
              label={t('life')}
              value={life}
              allowDeselect={false}
              data={LIVES.map((n) => ({ value: String(n), label: t('days', { n }) }))}
              onChange={(value) => value && setLife(value)}
            />
            <div role="alert">{error && <Alert color="red">{error.message}</Alert>}</div>
            <Group justify="flex-end">
              <Button variant="default" disabled={isPending} onClick={onClose}>
                {t('cancel')}
              </Button>
              <Button type="submit" loading={isPending} disabled={scopes.length === 0 || !name.trim()}>
                {t('create')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

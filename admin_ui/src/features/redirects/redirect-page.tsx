/** One redirect that somebody wrote. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { redirects, removeRedirect } from '~/data/redirects';
import type { WrittenRedirect } from '~/data/redirects';
import { Alarm } from '~/ui/alarm';
import { Confirm } from '~/ui/confirm';
import { Fields } from '~/ui/fields';
import { RecordScreen } from '~/ui/record-screen';
import { useTexts } from '~/ui/texts';
import { useLeading } from '~/ui/use-leading';

import { redirectTexts } from './texts';

const BLANK = { from_path: '', to: null as string | null, status: '308' };

export function RedirectPage() {
  const t = useTexts(redirectTexts);
  const lead = useLeading();
  const queryClient = useQueryClient();
  const [asked, ask] = useState<WrittenRedirect | null>(null);
  const removal = useMutation({
    mutationFn: ({ id, revision }: WrittenRedirect) => removeRedirect(id, revision),
    onSuccess: async () => {
      await lead({ to: '/redirects', ignoreBlocker: true });
      await queryClient.invalidateQueries({ queryKey: [redirects.name, 'list'] });
    },
  });
  const ways = [301, 308, 302, 307, 410].map((code) => {
    const words = code === 410 ? t('gone') : t(code === 301 || code === 308 ? 'permanent' : 'temporary', { code });
    return { value: String(code), label: words };
  });
  return (
    <>
      <RecordScreen
        store={redirects}
        idOf={(stored) => stored.id}
        path="/redirects/$id"
        backTo="/redirects"
        backText={t('all')}
        title={(value) => value.from_path || t('new')}
        blank={BLANK}
        read={({ from_path, to, status }) => ({ from_path, to, status: String(status) })}
        sent={({ from_path, to, status }) => ({
          from_path,
          to: status === '410' ? null : to,
          status: Number(status),
        })}
        actions={(stored) => (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => ask(stored)}>
            {t('remove')}
          </Button>
        )}
      >
        {(form) => (
          <>
            <Alarm error={removal.error} />
            <Fields
              form={form}
              of={[
                { name: 'from_path', label: t('from'), hint: t('fromHint') },
                { name: 'status', label: t('status'), as: 'choice', options: ways },
                {
                  name: 'to',
                  label: t('to'),
                  hint: t('toHint'),
                  isNullable: true,
                  isDisabled: form.value.status === '410',
                },
              ]}
            />
          </>
        )}
      </RecordScreen>
      <Confirm
        isOpen={asked !== null}
        title={t('remove')}
        text={t('removeAsk')}
        yes={t('remove')}
        no={t('cancel')}
        isDangerous
        onYes={() => {
          if (asked) removal.mutate(asked);
          ask(null);
        }}
        onNo={() => ask(null)}
      />
    </>
  );
}

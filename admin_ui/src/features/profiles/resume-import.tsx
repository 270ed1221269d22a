/** Takes a JSON Resume into this profile, and says what of it has no place here. */
import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';

import { importResume } from '~/data/profiles';
import type { ProfileAdmin } from '~/data/profiles';
import { Problem } from '~/data/problem';
import { Alarm } from '~/ui/alarm';
import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';

import { moreTexts } from './more-texts';

interface Props {
  into: ProfileAdmin | null;
  onTaken: (profile: ProfileAdmin) => void;
  onClose: () => void;
}

export function ResumeImport({ into, onTaken, onClose }: Props) {
  const t = useTexts(moreTexts);
  const taking = useMutation({
    mutationFn: async (file: File) => {
      let resume: unknown;
      try {
        resume = JSON.parse(await file.text());
      } catch {
        throw new Problem(422, 'invalid', t('notJson'));
      }
      return importResume(into, resume);
    },
    onSuccess: ({ profile }) => into && onTaken(profile),
  });
  /** A new profile takes the page's place, so only once what it lost was read. */
  function close() {
    onClose();
    if (!into && taking.data) onTaken(taking.data.profile);
  }
  const wrong = taking.error instanceof Problem ? taking.error.errors : [];
  return (
    <Dialog opened onClose={close} title={t('import')} closeButtonProps={{ 'aria-label': t('cancel') }}>
      <Stack>
        <Text>{t('importHint')}</Text>
        <Alarm error={taking.error} />
        {wrong.length > 1 && (
          <ul>
            {wrong.slice(1, 10).map(({ field, message }) => (
              <li key={field}>
                {field}: {message}
              </li>
            ))}
          </ul>
        )}
        <div role="status">
          {taking.data && (
            <>
              <p>{t('imported')}</p>
              {taking.data.unkept_total > 0 && (
                <>
                  <p>{t('unkept', { n: taking.data.unkept_total })}</p>
                  <ul>
                    {taking.data.unkept.map(({ field, reason }) => (
                      <li key={field}>
                        {field}: {t(`unkept_${reason}`)}
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </>
          )}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t(taking.data ? 'done' : 'cancel')}
          </Button>
          <FileButton accept="application/json,.json" onChange={(file) => file && taking.mutate(file)}>
            {(props) => (
              <Button {...props} loading={taking.isPending}>
                {t('choose')}
              </Button>
            )}
          </FileButton>
        </Group>
      </Stack>
    </Dialog>
  );
}

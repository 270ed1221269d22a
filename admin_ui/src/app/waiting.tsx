import { Center, Loader } from '@mantine/core';

import { useTexts } from '~/ui/texts';

import { appTexts } from './texts';

export function Waiting() {
  const t = useTexts(appTexts);
  return (
    <Center mih="60vh" role="status" aria-label={t('waiting')}>
      <Loader size="sm" type="dots" />
    </Center>
  );
}

import { Center, Loader } from '@mantine/core';

import { texts, useTexts } from './texts';

const waitingTexts = texts({ waiting: 'Loading…' }, { waiting: 'Memuat…' });

export function Waiting() {
  const t = useTexts(waitingTexts);
  return (
    <Center mih="60vh" role="status" aria-label={t('waiting')}>
      <Loader size="sm" type="dots" />
    </Center>
  );
}

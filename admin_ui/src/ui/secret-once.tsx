/** A secret that is shown this once: to be copied, then gone. */
import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';

import { Dialog } from './dialog';

interface Props {
  title: string;
  hint: string;
  secret: string;
  label: string;
  copy: string;
  copied: string;
  done: string;
  onDone: () => void;
}

export function SecretOnce({ title, hint, secret, label, copy, copied, done, onDone }: Props) {
  return (
    <Dialog opened onClose={onDone} title={title} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
      <Stack>
        <Text>{hint}</Text>
        <Code block aria-label={label} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {secret}
        </Code>
        <Group justify="flex-end">
          <CopyButton value={secret}>
            {({ copied: isCopied, copy: onCopy }) => (
              <Button variant="default" onClick={onCopy} data-autofocus>
                {isCopied ? copied : copy}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onDone}>
            {done}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

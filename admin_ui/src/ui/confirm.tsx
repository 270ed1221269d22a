/** One question, two answers; the safe one has the focus. */
import { Button, Group, Text } from '@mantine/core';

import { Dialog } from './dialog';

interface Props {
  isOpen: boolean;
  title: string;
  text: string;
  yes: string;
  no: string;
  isDangerous?: boolean;
  onYes: () => void;
  onNo: () => void;
}

export function Confirm({ isOpen, title, text, yes, no, isDangerous, onYes, onNo }: Props) {
  return (
    <Dialog opened={isOpen} onClose={onNo} title={title} closeButtonProps={{ 'aria-label': no }}>
      <Text style={{ overflowWrap: 'anywhere' }}>{text}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onNo} data-autofocus>
          {no}
        </Button>
        <Button
          {...(isDangerous && { color: 'red' })}
          onClick={onYes}
        >
          {yes}
        </Button>
      </Group>
    </Dialog>
  );
}

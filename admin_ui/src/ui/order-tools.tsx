/** The buttons beside one thing in an ordered list: earlier, later, and out of it. */
import { ActionIcon } from '@mantine/core';

import { Icon } from './icon';
import classes from './order-tools.module.css';

const ICONS = {
  down: { earlier: 'up', later: 'down', out: 'trash' },
  across: { earlier: 'left', later: 'right', out: 'trash' },
} as const;

interface Props {
  index: number;
  count: number;
  /** What each of them does, in words. */
  names: { earlier: string; later: string; out: string };
  /** How the list runs. */
  runs: 'down' | 'across';
  onMove: (from: number, to: number) => void;
  onOut: (index: number) => void;
}

export function OrderTools({ index, count, names, runs, onMove, onOut }: Props) {
  const ways = [
    { way: 'earlier', isOff: index === 0, act: () => onMove(index, index - 1) },
    { way: 'later', isOff: index === count - 1, act: () => onMove(index, index + 1) },
    { way: 'out', isOff: false, act: () => onOut(index) },
  ] as const;
  return ways.map(({ way, isOff, act }) => (
    <ActionIcon
      key={way}
      className={classes.tool}
      variant="subtle"
      color="gray"
      data-way={way}
      disabled={isOff}
      aria-label={names[way]}
      onClick={act}
    >
      <Icon name={ICONS[runs][way]} />
    </ActionIcon>
  ));
}

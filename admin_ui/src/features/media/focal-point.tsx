/** The point of a picture that stays in view wherever it is cropped: by pointer, keys or numbers. */
import { NumberInput } from '@mantine/core';
import type { KeyboardEvent, MouseEvent } from 'react';

import { useTexts } from '~/ui/texts';

import classes from './focal-point.module.css';
import { libraryTexts } from './texts';

interface Point {
  x: number;
  y: number;
}

interface Props {
  src: string;
  point: Point;
  isDisabled: boolean;
  onChange: (point: Point) => void;
}

const STEPS: Partial<Record<string, [number, number]>> = {
  ArrowLeft: [-0.02, 0],
  ArrowRight: [0.02, 0],
  ArrowUp: [0, -0.02],
  ArrowDown: [0, 0.02],
};
const within = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;

export function FocalPoint({ src, point, isDisabled, onChange }: Props) {
  const t = useTexts(libraryTexts);
  function put(event: MouseEvent<HTMLButtonElement>) {
    if (event.detail === 0) return; // pressed by keyboard: there is no place
    const box = event.currentTarget.getBoundingClientRect();
    onChange({
      x: within((event.clientX - box.left) / box.width),
      y: within((event.clientY - box.top) / box.height),
    });
  }
  function nudge(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    onChange({ x: within(point.x + step[0]), y: within(point.y + step[1]) });
  }
  return (
    <div>
      <button
        type="button"
        className={classes.picture}
        aria-label={`${t('focal')}. ${t('focalHint')}`}
        disabled={isDisabled}
        onClick={put}
        onKeyDown={nudge}
      >
        <img src={src} alt="" />
        <span className={classes.point} style={{ left: `${point.x * 100}%`, top: `${point.y * 100}%` }} />
      </button>
      <div className={classes.numbers}>
        {(['x', 'y'] as const).map((axis) => (
          <NumberInput
            key={axis}
            size="xs"
            label={t(axis === 'x' ? 'focalX' : 'focalY')}
            value={Math.round(point[axis] * 100)}
            min={0}
            max={100}
            disabled={isDisabled}
            onChange={(next) => onChange({ ...point, [axis]: within(Number(next) / 100) })}
          />
        ))}
      </div>
    </div>
  );
}

/** A picture with the point that crops keep in view, set by a click or the arrow keys. */
import { Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';

import { fileFor } from '~/data/pictures';
import type { MediaAdmin } from '~/data/pictures';
import { useTexts } from '~/ui/texts';

import classes from './cover.module.css';
import { settingTexts } from './setting-texts';

type Point = MediaAdmin['focal_point'];

interface Props {
  media: MediaAdmin;
  isReadOnly: boolean;
  onMove: (point: Point) => void;
}

const STEP = 0.05;
const QUIET = 500;
const STEPS: Record<string, Point> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};
const within = (share: number) => Math.min(1, Math.max(0, Math.round(share * 100) / 100));

export function FocalPicker({ media, isReadOnly, onMove }: Props) {
  const t = useTexts(settingTexts);
  const [moved, setMoved] = useState<Point | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const point = moved ?? media.focal_point;
  const [x, y] = [Math.round(point.x * 100), Math.round(point.y * 100)];
  useEffect(() => () => clearTimeout(timer.current), []);

  function move(next: Point) {
    const kept = { x: within(next.x), y: within(next.y) };
    setMoved(kept);
    clearTimeout(timer.current);
    // Several steps of the arrow keys are one change.
    timer.current = setTimeout(() => onMove(kept), QUIET);
  }

  function walk(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    move({ x: point.x + step.x, y: point.y + step.y });
  }

  return (
    <>
      <button
        type="button"
        className={classes.frame}
        disabled={isReadOnly}
        aria-label={t('focal', { x, y })}
        onKeyDown={walk}
        onClick={(event) => {
          if (event.detail === 0) return; // by keyboard: nothing was pointed at
          const box = event.currentTarget.getBoundingClientRect();
          move({
            x: (event.clientX - box.left) / box.width,
            y: (event.clientY - box.top) / box.height,
          });
        }}
      >
        <img src={fileFor(media, 640)} alt="" className={classes.picture} />
        <svg className={classes.point} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <circle cx={x} cy={y} r="0.01" />
        </svg>
      </button>
      <Text size="xs" c="dimmed" mt={4}>
        {t('focalHint')}
      </Text>
    </>
  );
}

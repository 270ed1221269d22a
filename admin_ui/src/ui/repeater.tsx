/** A list of small forms that can be added to, ordered and shortened, all by keyboard. */
import { ActionIcon, Button } from '@mantine/core';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';

import { Icon } from './icon';
import classes from './repeater.module.css';
import { formTexts } from './form-texts';
import { useTexts } from './texts';

interface Props<T> {
  label: string;
  items: readonly T[];
  blank: T;
  addText: string;
  onChange: (items: T[]) => void;
  children: (item: T, change: (changes: Partial<T>) => void, index: number) => ReactNode;
}

export function Repeater<T>({ label, items, blank, addText, onChange, children }: Props<T>) {
  const t = useTexts(formTexts);
  const list = useRef<HTMLOListElement>(null);
  const adding = useRef<HTMLButtonElement>(null);
  /** The focus goes with what was moved, into what was added, and beside what was taken out. */
  function put(next: T[], at: number, ...wanted: string[]) {
    flushSync(() => onChange(next)); // at once: the next letter belongs there
    const row = list.current?.children[at];
    const found = wanted.map((selector) => row?.querySelector<HTMLElement>(selector)).find(Boolean);
    (found ?? adding.current)?.focus();
  }
  const swap = (one: number, other: number) => {
    const moved = [...items];
    [moved[one], moved[other]] = [moved[other]!, moved[one]!];
    const ways = ['[data-way="up"]:enabled', '[data-way="down"]:enabled'];
    put(moved, other, ...(other < one ? ways : ways.reverse()));
  };
  return (
    <div>
      <ol className={classes.list} aria-label={label} ref={list}>
        {items.map((item, index) => (
          <li key={index} className={classes.item}>
            <div className={classes.fields}>
              {children(
                item,
                (changes) =>
                  onChange(items.map((old, at) => (at === index ? { ...old, ...changes } : old))),
                index,
              )}
            </div>
            <div className={classes.tools}>
              <ActionIcon
                variant="subtle"
                color="gray"
                data-way="up"
                disabled={index === 0}
                aria-label={t('up', { n: index + 1, label })}
                onClick={() => swap(index, index - 1)}
              >
                <Icon name="up" />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                data-way="down"
                disabled={index === items.length - 1}
                aria-label={t('down', { n: index + 1, label })}
                onClick={() => swap(index, index + 1)}
              >
                <Icon name="down" />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('remove', { n: index + 1, label })}
                data-way="out"
                onClick={() => {
                  const left = items.filter((_, at) => at !== index);
                  put(left, Math.min(index, left.length - 1), '[data-way="out"]');
                }}
              >
                <Icon name="trash" />
              </ActionIcon>
            </div>
          </li>
        ))}
      </ol>
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name="plus" size={14} />}
        ref={adding}
        onClick={() => put([...items, blank], items.length, 'input, textarea')}
      >
        {addText}
      </Button>
    </div>
  );
}

/** A list of small forms that can be added to, ordered and shortened, all by keyboard. */
import { ActionIcon, Button } from '@mantine/core';
import type { ReactNode } from 'react';

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
  const swap = (one: number, other: number) => {
    const moved = [...items];
    [moved[one], moved[other]] = [moved[other]!, moved[one]!];
    onChange(moved);
  };
  return (
    <div>
      <ol className={classes.list} aria-label={label}>
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
                disabled={index === 0}
                aria-label={t('up', { n: index + 1, label })}
                onClick={() => swap(index, index - 1)}
              >
                <Icon name="up" />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
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
                onClick={() => onChange(items.filter((_, at) => at !== index))}
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
        onClick={() => onChange([...items, blank])}
      >
        {addText}
      </Button>
    </div>
  );
}

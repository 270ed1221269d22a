/** A list of small forms that can be added to, ordered and shortened, all by keyboard. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

import { Icon } from './icon';
import classes from './repeater.module.css';
import { formTexts } from './form-texts';
import { OrderTools } from './order-tools';
import { useTexts } from './texts';
import { useOrderedList } from './use-ordered-list';

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
  const { list, adding, add, move, takeOut } = useOrderedList(items, onChange);
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
              <OrderTools
                index={index}
                count={items.length}
                names={{
                  earlier: t('up', { n: index + 1, label }),
                  later: t('down', { n: index + 1, label }),
                  out: t('remove', { n: index + 1, label }),
                }}
                runs="down"
                onMove={move}
                onOut={takeOut}
              />
            </div>
          </li>
        ))}
      </ol>
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name="plus" size={14} />}
        ref={adding}
        onClick={() => add(blank)}
      >
        {addText}
      </Button>
    </div>
  );
}

/** A list that is added to, ordered and shortened by keyboard: the focus goes along. */
import { useRef } from 'react';
import { flushSync } from 'react-dom';

export function useOrderedList<T>(items: readonly T[], onChange: (items: T[]) => void) {
  const list = useRef<HTMLOListElement>(null);
  const adding = useRef<HTMLButtonElement>(null);
  /** The focus goes with what was moved, into what was added, and beside what was taken out. */
  function put(next: T[], at: number, ...wanted: string[]) {
    flushSync(() => onChange(next)); // at once: the next key belongs there
    const row = list.current?.children[at];
    const found = wanted.map((selector) => row?.querySelector<HTMLElement>(selector)).find(Boolean);
    (found ?? adding.current)?.focus();
  }
  return {
    list,
    adding,
    add: (item: T) => put([...items, item], items.length, 'input, textarea'),
    move: (from: number, to: number) => {
      const moved = [...items];
      [moved[from], moved[to]] = [moved[to]!, moved[from]!];
      const ways = ['[data-way="earlier"]:enabled', '[data-way="later"]:enabled'];
      put(moved, to, ...(to < from ? ways : ways.reverse()));
    },
    takeOut: (index: number) => {
      const left = items.filter((_, at) => at !== index);
      put(left, Math.min(index, left.length - 1), '[data-way="out"]');
    },
  };
}

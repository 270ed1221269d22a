/** Keeps what stands changed in a form on this device, and brings it back where the page was closed. */
import { useEffect, useRef, useState } from 'react';

import { forgetForm, formCopy, keepForm } from '~/data/form-copies';
import type { FormCopy } from '~/data/form-copies';

function fitted<T extends object>(kept: Partial<T>, start: T): T {
  const names = (Object.keys(start) as (keyof T)[]).filter((name) => Object.hasOwn(kept, name));
  return { ...start, ...(Object.fromEntries(names.map((name) => [name, kept[name]])) as Partial<T>) };
}

/** What lies there when the screen opens; it fits whatever fields the form has today. */
export function useFoundCopy<T extends object>(address: string | undefined, start: T): FormCopy<T> | null {
  const [found] = useState(() => {
    const copy = address === undefined ? null : formCopy<Partial<T>>(localStorage, address);
    if (!copy) return null;
    const { revision, title, value, base } = copy;
    const kept = { revision, title, value: fitted(value, start) };
    return base ? { ...kept, base: fitted(base, start) } : kept;
  });
  return found;
}

/** `text` is the copy, or null as long as nothing differs from what is stored. */
export function useKeptCopy(address: string | undefined, text: string | null): void {
  const before = useRef(address);
  useEffect(() => {
    if (before.current !== undefined && before.current !== address) {
      forgetForm(localStorage, before.current); // what was made there has an address of its own now
    }
    before.current = address;
    if (address === undefined) return;
    if (text === null) forgetForm(localStorage, address);
    else keepForm(localStorage, address, text);
  }, [address, text]);
}

/** Keeps what stands changed in a form on this device, and brings it back where the page was closed. */
import { useEffect, useRef, useState } from 'react';

import { forgetForm, formCopy, keepForm, rawForm } from '~/data/form-copies';
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

interface KeptCopy {
  keep: (text: string) => void;
  forget: () => void;
}

/**
 * `text` is the copy, or null as long as nothing differs from what is stored. A copy that another tab
 * has left under the same address since is not taken for one's own: it stays.
 */
export function useKeptCopy(address: string | undefined, text: string | null): KeptCopy {
  const before = useRef(address);
  // What is brought back is one's own from then on.
  const [found] = useState(() => (address === undefined ? null : rawForm(localStorage, address)));
  const own = useRef(found);
  function forget(from = address) {
    if (from === undefined) return;
    if (own.current !== null && own.current === rawForm(localStorage, from)) forgetForm(localStorage, from);
    own.current = null;
  }
  function keep(now: string) {
    if (address === undefined) return;
    keepForm(localStorage, address, now);
    own.current = now;
  }
  useEffect(() => {
    if (before.current !== address) forget(before.current); // what was made there has another address now
    before.current = address;
    if (text === null) forget();
    else keep(text);
    // Its functions say nothing that these two do not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [address, text]);
  return { keep, forget };
}

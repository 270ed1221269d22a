/** A form over one stored thing: what was typed, whether it differs, and saving it under its revision. */
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import type { FormCopy } from '~/data/form-copies';
import { asProblem } from '~/data/problem';
import type { Problem } from '~/data/problem';
import { threeWay } from '~/data/three-way';

import { useFoundCopy, useKeptCopy } from './use-form-copy';

export interface RecordForm<T> {
  value: T;
  set: (changes: Partial<T>) => void;
  isDirty: boolean;
  isSaving: boolean;
  isSaved: boolean;
  problem: Problem | null;
  /** What the server says about one field, by its dotted path, or about something in it. */
  wrong: (field: string) => string | undefined;
  save: () => void;
  /** Whether all is saved once the answer that is on its way came. */
  settled: () => Promise<boolean>;
  /** Saves what is unsaved; null where that was refused, which the form says. */
  deliver: () => Promise<{ revision: number } | null>;
  keepMine: () => void;
  takeTheirs: () => void;
  /** Whether it opened with what was left unsaved here before. */
  isBroughtBack: boolean;
  discard: () => void;
}

interface Options<T, R extends { revision: number }> {
  stored: R | null;
  read: (stored: R) => T;
  blank: T;
  /** Changes what is held under its revision, or starts it: under one key once. */
  send: (value: T, held: R | null, key: string) => Promise<R>;
  onStored: (stored: R) => void;
  /** The address of its screen: what is unsaved there outlives the page. */
  address?: string;
  title?: (value: T) => string;
  /** How the server calls a field where it calls it otherwise: a dotted path by the form's name. */
  paths?: Partial<Record<keyof T & string, string>>;
}

/** What was typed, and what it changes: a revision, and what stood in it where that is known. */
interface Edit<T> {
  value: T;
  base: T | undefined;
  revision: number | null;
}

/** What was typed on top of what is stored now; null where both changed the same. */
function rebased<T extends object>(edit: Edit<T>, theirs: T, revision: number): Edit<T> | null {
  if (!edit.base) return null;
  const { merged, conflicts } = threeWay(edit.base, edit.value, theirs);
  return conflicts.length > 0 ? null : { value: merged, base: theirs, revision };
}

export function useRecordForm<T extends object, R extends { revision: number }>(
  options: Options<T, R>,
): RecordForm<T> {
  const { stored, read, blank, send, onStored, address, title, paths } = options;
  const found = useFoundCopy(address, stored ? read(stored) : blank);
  const [edited, setEdited] = useState<Edit<T> | null>(
    found && { value: found.value, base: found.base, revision: found.revision },
  );
  // What was made here stands in for what is stored until its address is there.
  const [made, setMade] = useState<R | null>(null);
  const held = stored ?? made;
  // Whoever saves the same once more, since no answer came, does not make it twice.
  const attempt = useRef({ text: '', key: '' });
  const answer = useRef<Promise<R | null> | null>(null);
  const hasTyped = useRef(false); // since it was sent
  const start = held ? read(held) : blank;
  // What was saved since by others, or here by a verb, is below what was typed; where both changed
  // the same, what was typed stays on the older version and saving it is refused.
  const onTop = (edit: Edit<T>) =>
    (held && held.revision > (edit.revision ?? 0) && rebased(edit, start, held.revision)) || edit;
  const current = edited ? onTop(edited) : { value: start, base: start, revision: held?.revision ?? null };
  const { value } = current;
  const isDirty = edited !== null && JSON.stringify(value) !== JSON.stringify(start);
  const copyOf = (now: T) =>
    JSON.stringify({ ...current, title: title?.(now) ?? '', value: now } satisfies FormCopy<T>);
  const copy = useKeptCopy(address, isDirty && address !== undefined ? copyOf(value) : null);
  const mutation = useMutation({
    mutationFn: async ({ against, edit }: { against: R | null; edit: Edit<T> }) => {
      const text = JSON.stringify(edit.value);
      if (attempt.current.text !== text) attempt.current = { text, key: crypto.randomUUID() };
      try {
        return await send(edit.value, against, attempt.current.key);
      } catch (error) {
        // A newer version that did not touch what we changed: ours goes on top of it.
        const { status, current: theirs } = asProblem(error) as Problem & { current: R };
        const next = status === 412 ? rebased(edit, read(theirs), theirs.revision) : null;
        if (!next) throw error;
        return send(next.value, theirs, attempt.current.key);
      }
    },
    onSuccess: (saved, { edit }) => {
      // Also where its screen is gone by now: what is stored is no longer unsaved.
      if (!hasTyped.current) copy.forget();
      onStored(saved);
      setMade(saved);
      const base = read(saved);
      // What was typed while it was saved stays, on top of what is saved.
      setEdited((now) =>
        now && now.value !== edit.value
          ? { value: threeWay(edit.value, now.value, base).merged, base, revision: saved.revision }
          : null,
      );
    },
  });
  const problem = mutation.error ? asProblem(mutation.error) : null;
  const underRevision = () => held && { ...held, revision: current.revision! };
  function submit(against: R | null, edit = current) {
    setEdited(edit);
    hasTyped.current = false;
    answer.current = mutation.mutateAsync({ against, edit }).catch(() => null); // the form says why
    return answer.current;
  }
  function discard() {
    copy.forget(); // it may be the last that runs here
    setEdited(null);
    mutation.reset();
  }
  async function deliver() {
    return isDirty ? submit(underRevision()) : held;
  }
  const theirs = problem?.status === 412 ? (problem.current as R) : null;
  function keepMine() {
    if (!theirs) return;
    const merged = current.base ? threeWay(current.base, value, read(theirs)).merged : value;
    void submit(theirs, { value: merged, base: read(theirs), revision: theirs.revision });
  }
  return {
    value,
    set: (changes) => {
      hasTyped.current = true;
      setEdited((now) => {
        const edit = now ? onTop(now) : current;
        return { ...edit, value: { ...edit.value, ...changes } };
      });
      // In the moment of the key: the page may be gone before it is drawn.
      copy.keep(copyOf({ ...value, ...changes }));
    },
    isDirty,
    isSaving: mutation.isPending,
    isSaved: mutation.isSuccess && !isDirty,
    problem,
    wrong: (field) => {
      const path = paths?.[field as keyof T & string] ?? field;
      return problem?.errors.find((item) => `${item.field}.`.startsWith(`${path}.`))?.message;
    },
    // One at a time: what was typed meanwhile is still unsaved, and under the next revision.
    save: () => void (mutation.isPending || submit(underRevision())),
    settled: async () => (await answer.current) !== null && !hasTyped.current,
    deliver,
    keepMine,
    takeTheirs: () => {
      if (theirs) onStored(theirs);
      discard();
    },
    isBroughtBack: found !== null && edited?.value === found.value,
    discard,
  };
}

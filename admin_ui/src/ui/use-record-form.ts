/** A form over one stored thing: what was typed, whether it differs, and saving it under its revision. */
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import { forgetForm, keepForm } from '~/data/form-copies';
import type { FormCopy } from '~/data/form-copies';
import { asProblem } from '~/data/problem';
import type { Problem } from '~/data/problem';

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
}

export function useRecordForm<T extends object, R extends { revision: number }>(
  options: Options<T, R>,
): RecordForm<T> {
  const { stored, read, blank, send, onStored, address, title } = options;
  const found = useFoundCopy(address, stored ? read(stored) : blank);
  const [edited, setEdited] = useState<T | null>(found?.value ?? null);
  // What was changed of a version that is another one by now meets it as it would have then.
  const [base, setBase] = useState(found?.revision ?? null);
  // What was made here stands in for what is stored until its address is there.
  const [made, setMade] = useState<R | null>(null);
  const held = stored ?? made;
  // Whoever saves the same once more, since no answer came, does not make it twice.
  const attempt = useRef({ text: '', key: '' });
  const start = held ? read(held) : blank;
  const value = edited ?? start;
  const isDirty = edited !== null && JSON.stringify(edited) !== JSON.stringify(start);
  const revision = base ?? held?.revision ?? null;
  const copyOf = (now: T) =>
    JSON.stringify({ revision, title: title?.(now) ?? '', value: now } satisfies FormCopy<T>);
  useKeptCopy(address, isDirty && address !== undefined ? copyOf(value) : null);
  const mutation = useMutation({
    mutationFn: ({ against, sent }: { against: R | null; sent: T }) => {
      const text = JSON.stringify(sent);
      if (attempt.current.text !== text) attempt.current = { text, key: crypto.randomUUID() };
      return send(sent, against, attempt.current.key);
    },
    onSuccess: (saved, { sent }) => {
      onStored(saved);
      setMade(saved);
      setBase(null);
      setEdited((now) => (now === sent ? null : now));
    },
  });
  const problem = mutation.error ? asProblem(mutation.error) : null;
  const submit = (against: R | null) => mutation.mutate({ against, sent: value });
  function discard() {
    if (address !== undefined) forgetForm(localStorage, address); // it may be the last that runs here
    setEdited(null);
    setBase(null);
    mutation.reset();
  }
  const theirs = problem?.status === 412 ? (problem.current as R) : null;
  return {
    value,
    set: (changes) => {
      setEdited((now) => ({ ...(now ?? start), ...changes }));
      // In the moment of the key: the page may be gone before it is drawn.
      if (address !== undefined) keepForm(localStorage, address, copyOf({ ...value, ...changes }));
    },
    isDirty,
    isSaving: mutation.isPending,
    isSaved: mutation.isSuccess && !isDirty,
    problem,
    wrong: (field) =>
      problem?.errors.find((item) => `${item.field}.`.startsWith(`${field}.`))?.message,
    // One at a time: what was typed meanwhile is still unsaved, and under the next revision.
    save: () => mutation.isPending || submit(held && { ...held, revision: revision! }),
    keepMine: () => theirs && held && submit({ ...held, revision: theirs.revision }),
    takeTheirs: () => {
      if (theirs) onStored(theirs);
      discard();
    },
    isBroughtBack: found !== null && edited === found.value,
    discard,
  };
}

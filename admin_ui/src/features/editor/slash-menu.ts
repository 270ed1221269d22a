/** `/` at the start of a line: what can be put there, found by typing its name. */
import { autocompletion, completionKeymap, startCompletion } from '@codemirror/autocomplete';
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { Prec } from '@codemirror/state';
import type { EditorState, Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import type { ViewUpdate } from '@codemirror/view';

import { act } from './mark-actions';
import type { Question } from './mark-actions';
import type { MarkName } from './mark-texts';
import { parsed } from './parsed';

const ENTRIES = [
  'h2',
  'h3',
  'h4',
  'bullets',
  'numbers',
  'tasks',
  'quote',
  'code',
  'table',
  'picture',
  'link',
  'footnote',
  'note',
  'divider',
] as const satisfies readonly MarkName[];

const START = /^[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d+[.)])[ \t]+)?\/[\p{L}\d]*$/u;

function isCode(state: EditorState, at: number): boolean {
  for (let node = parsed(state, at).resolveInner(at, -1); ; node = node.parent) {
    if (/Code|Comment|HTML/.test(node.name)) return true;
    if (!node.parent) return false;
  }
}

/** Where the word behind a `/` begins that stands at the start of the line up to here. */
function nameStart(state: EditorState, at: number): number | null {
  const line = state.doc.lineAt(at);
  const before = line.text.slice(0, at - line.from);
  return START.test(before) && !isCode(state, at) ? line.from + before.lastIndexOf('/') + 1 : null;
}

function isSlash({ docChanged, state, transactions }: ViewUpdate): boolean {
  if (!docChanged || !transactions.some((transaction) => transaction.isUserEvent('input.type'))) return false;
  const { head } = state.selection.main;
  return state.sliceDoc(head - 1, head) === '/';
}

export function slashMenu(
  label: (name: MarkName) => string,
  ask: (question: Question) => void,
): Extension {
  const options: Completion[] = ENTRIES.map((name, index) => ({
    label: label(name),
    boost: -index, // in this order, until somebody types
    apply: (view: EditorView, _: Completion, from: number, to: number) => {
      view.dispatch({ changes: { from: from - 1, to }, userEvent: 'delete' });
      act(view, name, ask);
    },
  }));
  const source = (context: CompletionContext): CompletionResult | null => {
    const from = nameStart(context.state, context.pos);
    return from === null ? null : { from, options, validFor: /^[\p{L}\d]*$/u };
  };
  return [
    autocompletion({
      override: [source],
      activateOnTyping: false, // at every letter, that is
      icons: false,
      defaultKeymap: false,
      interactionDelay: 0, // Enter right behind a name that was typed means it
    }),
    EditorView.updateListener.of((update) => {
      if (isSlash(update)) startCompletion(update.view);
    }),
    Prec.highest(keymap.of(completionKeymap)),
  ];
}

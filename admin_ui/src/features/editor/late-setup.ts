/** What a writer does not need for the first letter: searching, and the `/` menu. */
import { search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { keymap } from '@codemirror/view';

import type { Question } from './mark-actions';
import type { MarkName } from './mark-texts';
import { matchCount } from './match-count';
import { slashMenu } from './slash-menu';

import './find-panel.css';

export { openSearchPanel } from '@codemirror/search';
export { answerSlash } from './slash-menu';

export function lateSetup(label: (name: MarkName) => string, ask: (question: Question) => void): Extension {
  return [search({ top: true }), keymap.of(searchKeymap), matchCount, slashMenu(label, ask)];
}

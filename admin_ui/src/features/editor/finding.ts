/** Searching the text: its panel, its keys, and how many matches there are. */
import { search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { keymap } from '@codemirror/view';

import { matchCount } from './match-count';

import './find-panel.css';

export const finding: Extension = [search({ top: true }), keymap.of(searchKeymap), matchCount];

/** "3 of 20" beside what is searched for: counted once nobody types, and up to a thousand. */
import { getSearchQuery, searchPanelOpen } from '@codemirror/search';
import type { SearchQuery } from '@codemirror/search';
import type { EditorState } from '@codemirror/state';
import { ViewPlugin } from '@codemirror/view';
import type { EditorView, ViewUpdate } from '@codemirror/view';

const MOST = 1000;
const QUIET = 150;

interface Range {
  from: number;
  to: number;
}

function found(state: EditorState, query: SearchQuery): Range[] {
  const matches: Range[] = [];
  const cursor = query.getCursor(state);
  while (matches.length < MOST) {
    const next = cursor.next();
    if (next.done === true) break;
    matches.push(next.value);
  }
  return matches;
}

function words(state: EditorState, matches: readonly Range[]): string {
  if (matches.length === 0) return state.phrase('No matches');
  const { from, to } = state.selection.main;
  const at = matches.findIndex((match) => match.from === from && match.to === to) + 1;
  const all = matches.length === MOST ? `${MOST}+` : matches.length;
  return at > 0 ? state.phrase('$1 of $2', at, all) : state.phrase('Matches: $1', all);
}

export const matchCount = ViewPlugin.fromClass(
  class {
    private readonly dom = document.createElement('span');
    private timer: ReturnType<typeof setTimeout> | undefined;
    private matches: Range[] | null = null;

    constructor(view: EditorView) {
      this.dom.className = 'cm-search-count';
      this.dom.setAttribute('role', 'status');
      this.plan(view, 0);
    }

    update({ docChanged, selectionSet, startState, state, view }: ViewUpdate) {
      const isOpen = searchPanelOpen(state);
      const isNew = !getSearchQuery(state).eq(getSearchQuery(startState));
      if (docChanged || isNew || !isOpen) this.matches = null;
      if (isOpen && !searchPanelOpen(startState)) this.plan(view, 0);
      else if (isOpen && (docChanged || isNew || selectionSet)) this.plan(view, QUIET);
    }

    destroy() {
      clearTimeout(this.timer);
    }

    private plan(view: EditorView, wait: number) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.show(view), wait);
    }

    private show(view: EditorView) {
      const field = view.dom.querySelector('.cm-search [name=search]');
      if (!field) return;
      if (this.dom.previousSibling !== field) field.after(this.dom);
      const query = getSearchQuery(view.state);
      if (query.valid) this.matches ??= found(view.state, query);
      this.dom.textContent = query.valid ? words(view.state, this.matches ?? []) : '';
    }
  },
);

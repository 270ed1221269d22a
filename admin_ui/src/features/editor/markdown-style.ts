/** Live styling: Markdown looks like what it means while every mark stays where it was typed. */
import { HighlightStyle, syntaxTree } from '@codemirror/language';
import { RangeSetBuilder } from '@codemirror/state';
import { Decoration, ViewPlugin } from '@codemirror/view';
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const inlineStyles = HighlightStyle.define([
  { tag: tags.heading, class: 'md-heading' },
  { tag: tags.strong, class: 'md-strong' },
  { tag: tags.emphasis, class: 'md-emphasis' },
  { tag: tags.strikethrough, class: 'md-struck' },
  { tag: tags.monospace, class: 'md-code' },
  { tag: tags.link, class: 'md-link' },
  { tag: tags.url, class: 'md-url' },
  { tag: [tags.processingInstruction, tags.contentSeparator], class: 'md-mark' },
  { tag: [tags.labelName, tags.atom], class: 'md-label' },
  { tag: tags.comment, class: 'md-comment' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.tagName], class: 'code-keyword' },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], class: 'code-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'code-number' },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName)], class: 'code-name' },
  { tag: [tags.propertyName, tags.attributeName, tags.typeName, tags.className], class: 'code-property' },
]);

/** Names of the syntax tree's blocks and the class that each of their lines gets. */
const LINES: Record<string, string> = {
  ATXHeading1: 'md-h1',
  ATXHeading2: 'md-h2',
  ATXHeading3: 'md-h3',
  ATXHeading4: 'md-h4',
  ATXHeading5: 'md-h4',
  ATXHeading6: 'md-h4',
  SetextHeading1: 'md-h1',
  SetextHeading2: 'md-h2',
  Blockquote: 'md-quote',
  FencedCode: 'md-block',
  CodeBlock: 'md-block',
  HTMLBlock: 'md-block',
  Table: 'md-table',
  TableHeader: 'md-table-head',
  HorizontalRule: 'md-rule',
};

/**
 * Around a short line whose text has a size of its own.
 *
 * The editor takes the first short line of bare text for how high a line is, and guesses by it how
 * high is what it has not drawn. Were that one of code, it would guess anew at the next that is
 * none: forget all it measured, move the scroll bar and draw everything again, at a key.
 */
const apart = Decoration.mark({ class: 'md-apart' });
const SHORT = 20;

function styledLines(view: EditorView): DecorationSet {
  const found = new Map<number, Set<string>>();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: ({ name, from: start, to: end }) => {
        const style = LINES[name];
        if (!style) return;
        const { doc } = view.state;
        const first = doc.lineAt(Math.max(start, from));
        const last = doc.lineAt(Math.min(end, to));
        for (let number = first.number; number <= last.number; number += 1) {
          const at = doc.line(number).from;
          const styles = found.get(at) ?? new Set();
          found.set(at, styles.add(style));
          if (style === 'md-block' && at <= start) styles.add('md-first');
          if (style === 'md-block' && doc.line(number).to >= end) styles.add('md-last');
        }
      },
    });
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      if (line.text.startsWith(':::')) {
        found.set(line.from, (found.get(line.from) ?? new Set()).add('md-fence'));
      }
      at = line.to + 1;
    }
  }
  const builder = new RangeSetBuilder<Decoration>();
  for (const [at, styles] of [...found].sort(([one], [other]) => one - other)) {
    builder.add(at, at, Decoration.line({ class: [...styles].join(' ') }));
    const { to } = view.state.doc.lineAt(at);
    if (to > at && to - at <= SHORT) builder.add(at, to, apart);
  }
  return builder.finish();
}

export const blockStyles = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = styledLines(view);
    }

    update(update: ViewUpdate) {
      const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || isParsed) {
        this.decorations = styledLines(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Thirty texts with everything our Markdown has, touched in one place: nothing else changes. */
import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';

import { separatorOf } from './line-ends';
import { around, footnote, insertion, lines, tick } from './marks';
import { addRow } from './tables';

const TEXTS: Record<string, string> = {
  'ATX and setext headings': '# One #\n\nTwo\n===\n\nThree\n---\n\n####### not one\n#nor this\n',
  'hard breaks': 'two blanks  \na backslash\\\nand one \nblank\n',
  'trailing blanks': 'text   \n\t\n   \nmore \t \n',
  'tabs and spaces': '\tcode by tab\n\n    code by blanks\n \t mixed\n- a\n\t- b\n  \t- c\n',
  'CRLF': 'one\r\ntwo\r\n\r\n- three\r\n  - four\r\n\r\n```\r\ncode\r\n```\r\n',
  'CRLF and LF': 'one\r\ntwo\nthree\r\n\nfour\n',
  'a lone CR': 'one\rtwo\n\rthree\r\n',
  'no end of line': 'last line without an end',
  'many ends of line': '\n\n\none\n\n\n\n\n',
  'emphasis of all kinds': '*a* _b_ **c** __d__ ***e*** _**f**_ ~~g~~ ~h~ \\*no\\* 5*6*7 a_b_c\n',
  'bullets of all kinds': '* a\n+ b\n- c\n\n1) d\n2) e\n\n10. f\n10. g\n\n- \n-\n',
  'loose and tight lists': '- a\n- b\n\n- c\n\n  d\n\n      code\n- e\n',
  'tasks': '- [ ] a\n- [x] b\n- [X] c\n* [ ]d\n1. [ ] e\n',
  'tables': '| a | b |\n|--:|:-:|\n| `|` | x \\| y |\n\na|b\n-|-\n1|2|3\n|only\n',
  'a ragged table': '|a|b|c|\n|:-|-|-:|\n|  wide   cell |x\n||\n',
  'footnotes': 'a[^1] b[^long-name] c^[inline] d\n\n[^1]: one\n\n    more of it\n[^long-name]: two\n[^unused]: three\n',
  'links': '[a](b "t") [c](<d e> \'f\') [g][h] [i][] [j] <https://k.example> https://l.example www.m.example\n\n[h]: n "o"\n[i]: <p>\n[J]: q\n',
  'images': '![a](b.png) ![c](d "e") ![f][g] [![h](i)](j)\n\n[g]: k.png\n',
  'fences': '```py title="x"\na  \n```\n\n~~~~\n```\n~~~\n~~~~\n\n``````\nnever closed\n',
  'inline code': '`a` ``b ` c`` ` ` `` ` `` `\\`\n',
  'raw HTML': '<details open>\n<summary>x</summary>\n\n&nbsp;&copy;&#8212; <!-- c -->\n</details>\n\n<br/>a<kbd>b</kbd>\n',
  'HTML that is refused': '<script>alert(1)</script>\n<img src=x onerror=alert(1)>\n<?php echo 1 ?>\n<![CDATA[x]]>\n',
  'admonitions': ':::note Title here\ntext\n:::\n\n::::warning\n:::tip\nin\n:::\n::::\n\n:::unknown\n:::\n',
  'quotes': '> a\n>b\n> > c\nlazy\n\n> - d\n>   - e\n>\n> ```\n> f\n> ```\n',
  'rules': '---\n***\n_ _ _\n- - -\n\na\n***\n',
  'entities and escapes': '&amp; &lt; &#x1F600; \\& \\# \\[ \\\\ "q" \'r\' -- --- ...\n',
  'letters of everywhere': 'é e\u0301 \u200d👩\u200d💻 \u00a0 \ufeff 漢字 \u2028 \u2029 ﷽ \u200f עברית\n',
  'front matter': '---\ntitle: x\ntags: [a, b]\n---\n\n+++\ntoml = 1\n+++\n\ntext\n',
  'mathematics': '$a_b$ $$\n\\int_0^1 x\\,dx\n$$ and 5$ or 6$\n',
  'control characters': 'a\u0007b\u000bc\u000cd\u001fe\u007f\u0085f\n',
};

/** As an article is opened; what is typed is told the way the page hears of it. */
function opened(text: string) {
  const separator = separatorOf(text);
  return EditorState.create({ doc: text, extensions: EditorState.lineSeparator.of(separator) });
}

it('there are thirty', () => {
  expect(Object.keys(TEXTS)).toHaveLength(30);
});

it.each(Object.entries(TEXTS))('%s: nothing changes by opening', (_, text) => {
  expect(opened(text).sliceDoc()).toBe(text);
});

it.each(Object.entries(TEXTS))('%s: a letter anywhere changes nothing else', (_, text) => {
  const state = opened(text);
  for (let at = 0; at <= state.doc.length; at += 1) {
    const before = state.sliceDoc(0, at);
    const after = state.update({ changes: { from: at, insert: 'x' } }).state.sliceDoc();
    expect(after).toBe(`${before}x${text.slice(before.length)}`);
  }
});

const TOUCHES = { bold: around('**'), list: lines('bullets'), footnote, tick, row: addRow, pasted: insertion('a\nb') };

it.each(Object.entries(TEXTS))('%s: no command changes a line that it is not about', (_, text) => {
  for (const command of Object.values(TOUCHES)) {
    let state = opened(`first line${separatorOf(text).repeat(2)}${text}`);
    const whole = state.sliceDoc();
    command({ state, dispatch: (transaction) => (state = transaction.state) });
    const rest = whole.slice('first line'.length);
    // All that follows the touched line is there, in one piece; a footnote adds its note behind.
    expect(state.sliceDoc()).toContain(rest.replace(/\n+$/, ''));
  }
});

it('would notice a changed end of line', () => {
  const state = EditorState.create({ doc: TEXTS.CRLF! });
  expect(state.sliceDoc()).not.toBe(TEXTS.CRLF);
});

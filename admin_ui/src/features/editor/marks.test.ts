import type { StateCommand } from '@codemirror/state';
import { expect, it } from 'vitest';

import { code } from './code-mark';
import { around } from './inline-marks';
import { after } from './marked-text';
import { block, footnote, heading, lines, tick } from './marks';
import { addColumn, addRow, align, dropColumn, dropRow, nextCell, previousCell, tidy } from './tables';

it.each<[string, StateCommand, string, string]>([
  ['bold', around('**'), 'a «b» c', 'a **«b»** c'],
  ['bold again', around('**'), 'a **«b»** c', 'a «b» c'],
  ['a heading', heading, 'ti‸tle', '## ti‸tle'],
  ['a deeper heading', heading, '## ti‸tle', '### ti‸tle'],
  ['no heading', heading, '#### ti‸tle', 'ti‸tle'],
  ['a list', lines('bullets'), '«one\ntwo»', '- «one\n- two»'],
  ['no list', lines('bullets'), '- «one\n- two»', '«one\ntwo»'],
  ['bullets to numbers', lines('numbers'), '- «one\n\n- two»', '1. «one\n\n2. two»'],
  ['tasks', lines('tasks'), '- o‸ne', '- [ ] o‸ne'],
  ['a quote', lines('quote'), 'o‸ne', '> o‸ne'],
  ['inline code', code, 'a «b» c', 'a `«b»` c'],
  ['a block of code', code, '«one\ntwo»', '```‸\none\ntwo\n```'],
  ['a block of code for backticks', code, '«```\n```»', '~~~‸\n```\n```\n~~~'],
  ['an empty block of code', code, 'a\n‸\nb', 'a\n\n```‸\n\n```\n\nb'],
  ['a block behind a line', block('---\n'), 'a‸', 'a\n\n---\n‸'],
  ['a first footnote', footnote, 'one‸ two', 'one[^1] two\n\n[^1]: ‸'],
  ['a further footnote', footnote, 'a[^1] b‸\n\n[^1]: x', 'a[^1] b[^2]\n\n[^1]: x\n[^2]: ‸'],
  ['a tick', tick, '- [ ] o‸ne', '- [x] o‸ne'],
  ['no tick', tick, '> 1. [X] o‸ne', '> 1. [ ] o‸ne'],
])('%s', (_, command, before, expected) => {
  expect(after(before, command)).toBe(expected);
  expect(after(before, command, '\r\n')).toBe(expected);
});

it.each<[string, StateCommand, string, string]>([
  ['tidy', tidy, '|a|long one‸|\n|--|:-:|\n|1\\|2|x|', '| a    | ‸long one |\n| ---- | :------: |\n| 1\\|2 |    x     |'],
  ['a row', addRow, '|a|b|\n|-|-|\n|1|2‸|', '| a   | b   |\n| --- | --- |\n| 1   | 2   |\n|     | ‸    |'],
  ['a column', addColumn, '|a‸|b|\n|-|-:|', '| a   | ‸    |   b |\n| --- | --- | --: |'],
  ['no row', dropRow, '|a|b|\n|-|-|\n|1‸|2|\n|3|4|', '| a   | b   |\n| --- | --- |\n| ‸3   | 4   |'],
  ['no column', dropColumn, '|a|b‸|\n|-|-|\n|1|2|', '| ‸a   |\n| --- |\n| 1   |'],
  ['another alignment', align, '|a‸|\n|-|', '| ‸a   |\n| :-- |'],
  ['the next cell leaves the text alone', nextCell, '|a‸|b|\n|-|-|\n|1|2|', '|a|‸b|\n|-|-|\n|1|2|'],
  ['the next row', nextCell, '|a|b‸|\n|-|-|\n|1|2|', '|a|b|\n|-|-|\n|‸1|2|'],
  ['the cell before', previousCell, '|a|b|\n|-|-|\n|‸1|2|', '|a|‸b|\n|-|-|\n|1|2|'],
  ['a row behind the last cell', nextCell, '|a|\n|-|\n|1‸|', '| a   |\n| --- |\n| 1   |\n| ‸    |'],
  ['nothing outside a table', addRow, 'a | b‸', 'a | b‸'],
])('a table: %s', (_, command, before, expected) => {
  expect(after(before, command)).toBe(expected);
});

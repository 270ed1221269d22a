import { undo } from '@codemirror/commands';
import type { EditorState, StateCommand } from '@codemirror/state';
import { beforeEach, expect, it } from 'vitest';

import { code } from './code-mark';
import { around } from './inline-marks';
import { done, opened, shown, slowMachine } from './marked-text';

beforeEach(slowMachine);

/** Each of these does something. */
const changed = (state: EditorState, command: StateCommand) => done(state, command)!;
const bold = around('**');
const italic = around('*');

const TABLE = '| a | b |\n| - | - |\n';

it.each<[string, StateCommand, string, string]>([
  ['bold with its marks selected', bold, '«**bold**»', '«bold»'],
  ['bold with its marks selected, made italic', italic, '«**bold**»', '*«**bold**»*'],
  ['bold made italic', italic, '**«bold»**', '***«bold»***'],
  ['italic made bold', bold, '*«both»*', '***«both»***'],
  ['both without italic', italic, '***«both»***', '**«both»**'],
  ['both without bold', bold, '***«both»***', '*«both»*'],
  ['underscores', bold, 'a __«b»__', 'a «b»'],
  ['a part of what is bold', bold, '**one «two» three**', '**one** «two» **three**'],
  ['a part of what is bold again', bold, '**one** «two» **three**', '**one «two» three**'],
  ['its beginning', bold, '**«one» two**', '«one» **two**'],
  ['its end', bold, 'a **one «two»**', 'a **one** «two»'],
  ['a part with the blanks around it', italic, '*one« two »three*', '*one*« two »*three*'],
  ['a part of a word', bold, '**wo«r»d**', '**wo**«r»**d**'],
  ['a part of a word again', bold, '**wo**«r»**d**', '**wo«r»d**'],
  ['beside italic', italic, '*one* «two»', '*one «two»*'],
  ['beside code', code, '`one` «two»', '`one` `«two»`'],
  ['reaching beyond what is code', code, '«one `two» three`', '`«one two» three`'],
  ['right behind code', code, '`on`«e»', '`on«e»`'],
  ['a part of a word with underscores', bold, '__wo«r»d__', 'wo«r»d'],
  ['a part at a bracket', bold, '**(«b»)**', '(«b»)'],
  ['a part of code', code, '`one «two» three`', '`one` «two» `three`'],
  ['a part of what is bold and italic', bold, '***one «two»***', '***one** «two»*'],
  ['a part with italic in it', bold, '**one «*two*» three**', '**one** «*two*» **three**'],
  ['a part of italic within bold', bold, '**one *two «three»* four**', 'one *two «three»* four'],
  ['two that become one', bold, '«**a** and **b**»', '«**a and b»**'],
  ['reaching beyond what is bold', bold, '«one **two» three**', '**«one two» three**'],
  ['blanks stay outside', bold, 'a« b »c', 'a« **b** »c'],
  ['two paragraphs', bold, '«one\n\ntwo»', '**«one**\n\n**two»**'],
  ['two paragraphs again', bold, '**«one**\n\n**two»**', '«one\n\ntwo»'],
  ['one of two is bold already', bold, '«**one**\n\ntwo»', '«**one**\n\n**two»**'],
  ['a paragraph of two lines', bold, '«one\ntwo»', '**«one\ntwo»**'],
  ['items', bold, '«- one\n- two»', '«- **one**\n- **two»**'],
  ['items again', bold, '«- **one**\n- **two**»', '«- one\n- two»'],
  ['tasks and numbers', italic, '«- [ ] one\n  1. two»', '«- [ ] *one*\n  1. *two»*'],
  ['a heading and a quote', bold, '«# one\n\n> two\n> three»', '«# **one**\n\n> **two**\n> **three»**'],
  ['no code between', bold, '«one\n\n```\nx\n```\n\ntwo»', '**«one**\n\n```\nx\n```\n\n**two»**'],
  ['no line across', bold, '«one\n\n---\n\ntwo»', '**«one**\n\n---\n\n**two»**'],
  ['cells', bold, `«${TABLE}| c | d |»`, `«| **a** | **b** |\n| - | - |\n| **c** | **d** |»`],
  ['the word at hand', bold, 'a wo‸rd b', 'a **wo‸rd** b'],
  ['the word at hand again', bold, 'a **wo‸rd** b', 'a wo‸rd b'],
  ['nothing at hand', bold, 'a ‸ b', 'a **‸** b'],
  ['nothing at hand again', bold, 'a **‸** b', 'a ‸ b'],
  ['both at nothing', italic, 'a **‸**', 'a ***‸***'],
  ['out of bold', bold, '**hi‸**', '**hi**‸'],
  ['out of bold with the blank', bold, '**hi ‸** b', '**hi** ‸ b'],
  ['out of bold in italic', bold, '***hi‸***', '***hi**‸*'],
  ['out of italic', italic, 'a *hi‸*', 'a *hi*‸'],
  ['crossing italic', bold, '«one *two» three*', '**«one *two» three***'],
  ['within code', bold, 'a `o «b» c`', 'a **`o «b» c`**'],
  ['within code again', bold, 'a **`o «b» c`**', 'a `o «b» c`'],
  ['code around what is bold', code, 'a «**b**»', 'a `«**b**»`'],
  ['nothing in a block of code', bold, '```\nwo‸rd\n```', '```\nwo‸rd\n```'],
  ['nothing of a block of code', bold, '```\n«word»\n```', '```\n«word»\n```'],
  ['out of code', code, '`hi‸`', '`hi`‸'],
  ['the code at hand', code, 'a wo‸rd', 'a `wo‸rd`'],
  ['code with its marks selected', code, '«`x`»', '«x»'],
  ['code with a backtick', code, '«a`b»', '``«a`b»``'],
  ['code at a backtick', code, '«`b»', '`` «`b» ``'],
  ['a block again', code, '```‸\none\ntwo\n```', '‸one\ntwo'],
  ['a block of a language again', code, 'a\n\n```js\n«one\ntwo»\n```\n\nb', 'a\n\n«one\ntwo»\n\nb'],
  ['a block with its fences selected', code, '«~~~\none\n\ntwo\n~~~»', '«one\n\ntwo»'],
  ['a block that nobody ended', code, '```\none‸', 'one‸'],
  ['an empty block again', code, 'a\n\n```‸\n\n```\n\nb', 'a\n\n‸\n\nb'],
  ['a block in a quote', code, '> «one\n> two»', '> ```‸\n> one\n> two\n> ```'],
  ['a block in a quote again', code, '> ```‸\n> one\n> two\n> ```', '‸> one\n> two'],
  ['a block of an item again', code, '- ```\n  on‸e\n  ```', '- \n  on‸e'],
])('%s', (_, command, before, expected) => {
  for (const lineBreak of ['\n', '\r\n']) {
    const state = opened(before, lineBreak);
    const after = changed(state, command);
    expect(shown(after)).toBe(expected);
    const isCursorMoved = after.doc.eq(state.doc);
    if (!isCursorMoved) expect(shown(changed(after, undo))).toBe(before);
  }
});

it('a mark is one step to take back, with letters right behind it', () => {
  const type = (state: EditorState, letters: string) =>
    [...letters].reduce((now, letter) => {
      const at = now.selection.main.head;
      const transaction = {
        changes: { from: at, insert: letter },
        selection: { anchor: at + 1 },
        userEvent: 'input.type',
      };
      return now.update(transaction).state;
    }, state);
  let state = changed(type(opened('‸', '\n'), 'a '), bold);
  state = type(changed(type(state, 'hi'), bold), ' after');
  expect(shown(state)).toBe('a **hi** after‸');
  state = changed(state, undo);
  expect(shown(state)).toBe('a **hi**‸');
  expect(shown(changed(changed(state, undo), undo))).toBe('a ‸');
});

/**
 * Markdown as a language of CodeMirror. Its own set-up brings the parsers of HTML, CSS and
 * JavaScript along before anybody can type; here they come when a block of code asks for them.
 */
import {
  deleteMarkupBackward,
  insertNewlineContinueMarkupCommand,
  markdownLanguage,
  pasteURLAsLink,
} from '@codemirror/lang-markdown';
import { Language, LanguageSupport, ParseContext } from '@codemirror/language';
import { Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { parseCode } from '@lezer/markdown';
import type { MarkdownParser } from '@lezer/markdown';

import { codeLanguage } from './code-languages';
import { leaveBlock } from './leave-block';
import { whenParsed } from './parsed';

const nested = parseCode({
  codeParser: (info) => {
    const found = codeLanguage(info);
    if (!found) return null;
    return found.support ? found.support.language.parser : ParseContext.getSkippingParser(found.load());
  },
});

const language = new Language(
  markdownLanguage.data,
  (markdownLanguage.parser as MarkdownParser).configure(nested),
  [],
  'markdown',
);

export const markdownSupport = new LanguageSupport(language, [
  pasteURLAsLink,
  Prec.high(
    keymap.of([
      { key: 'Enter', run: leaveBlock },
      // A second Enter ends a list; it does not space its items out.
      { key: 'Enter', run: whenParsed(insertNewlineContinueMarkupCommand({ nonTightLists: false })) },
      { key: 'Backspace', run: whenParsed(deleteMarkupBackward) },
    ]),
  ),
]);

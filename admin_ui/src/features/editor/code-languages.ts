/** The languages that code blocks are coloured in, most fetched when a text first has one. */
import { css } from '@codemirror/lang-css';
import { html } from '@codemirror/lang-html';
import { javascript } from '@codemirror/lang-javascript';
import { LanguageDescription, LanguageSupport, StreamLanguage } from '@codemirror/language';

// The first four come along with Markdown's own HTML support anyway.
const LANGUAGES = [
  LanguageDescription.of({
    name: 'JavaScript',
    alias: ['js', 'jsx', 'mjs'],
    support: javascript({ jsx: true }),
  }),
  LanguageDescription.of({
    name: 'TypeScript',
    alias: ['ts', 'tsx'],
    support: javascript({ jsx: true, typescript: true }),
  }),
  LanguageDescription.of({ name: 'CSS', support: css() }),
  LanguageDescription.of({ name: 'HTML', support: html() }),
  LanguageDescription.of({
    name: 'JSON',
    load: async () => (await import('@codemirror/lang-json')).json(),
  }),
  LanguageDescription.of({
    name: 'Python',
    alias: ['py'],
    load: async () => (await import('@codemirror/lang-python')).python(),
  }),
  LanguageDescription.of({
    name: 'YAML',
    alias: ['yml'],
    load: async () => (await import('@codemirror/lang-yaml')).yaml(),
  }),
  LanguageDescription.of({
    name: 'Shell',
    alias: ['bash', 'sh', 'zsh', 'console'],
    load: async () => {
      const { shell } = await import('@codemirror/legacy-modes/mode/shell');
      return new LanguageSupport(StreamLanguage.define(shell));
    },
  }),
];

export function codeLanguage(info: string): LanguageDescription | null {
  const name = info.split(/[\s{]/)[0] ?? '';
  return LanguageDescription.matchLanguageName(LANGUAGES, name, false);
}

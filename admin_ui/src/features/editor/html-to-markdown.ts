/** HTML of Word, Google Docs and web pages as Markdown; fetched when somebody may paste. */
import { gfm } from '@joplin/turndown-plugin-gfm';
import TurndownService from 'turndown';

import { listsOfWord } from './word-lists';

export interface Converted {
  text: string;
  /** Pictures that the HTML carried within itself. */
  files: File[];
}

function service(): TurndownService {
  const made = new TurndownService({
    headingStyle: 'atx',
    bulletListMarker: '-',
    codeBlockStyle: 'fenced',
    emDelimiter: '*',
    hr: '---',
    br: '\\',
  });
  made.use(gfm);
  made.addRule('item', { filter: 'li', replacement: (content, node) => itemOf(content, node) });
  made.remove(['script', 'style', 'title', 'head', 'noscript', 'template']);
  return made;
}

/** As we write lists: one blank behind the mark, and what is inside as deep as the mark is wide. */
function itemOf(content: string, node: TurndownService.Node): string {
  const item = node as HTMLElement;
  const list = item.parentElement;
  const number = [...(list?.children ?? [])].indexOf(item) + Number(list?.getAttribute('start') ?? 1);
  const mark = list?.tagName === 'OL' ? `${number}. ` : '- ';
  const text = content.trim().replace(/\n(?=.)/g, `\n${' '.repeat(mark.length)}`);
  return mark + text + (item.nextElementSibling ? '\n' : '');
}

/** Styles say what the tags of documents leave out. */
function tagsForStyles(root: HTMLElement): void {
  for (const span of root.querySelectorAll<HTMLElement>('span, b, font')) {
    const style = span.dataset.style ?? '';
    const weight = /font-weight:\s*(\w+)/i.exec(style)?.[1] ?? '';
    const isHeavy = weight === 'bold' || Number(weight) >= 600;
    const isBold = span.tagName === 'B' ? weight !== 'normal' && weight !== '400' : isHeavy;
    const isCode =
      /font-family:[^;]*(?:courier|consolas|menlo|monospace|roboto mono)/i.test(style) &&
      !span.closest('pre, code');
    const names = [
      isBold && !span.closest('h1, h2, h3, h4, h5, h6, th') && 'strong',
      /font-style:\s*italic/i.test(style) && 'em',
      /text-decoration[^;]*line-through/i.test(style) && 'del',
      isCode && 'code',
    ].filter((name) => typeof name === 'string');
    let holder: DocumentFragment | HTMLElement = root.ownerDocument.createDocumentFragment();
    holder.append(...span.childNodes);
    for (const name of names.reverse()) {
      const outer = root.ownerDocument.createElement(name);
      outer.append(holder);
      holder = outer;
    }
    span.replaceWith(holder);
  }
}

/** The title is the first level, so what was pasted begins at the second. */
function lower(root: HTMLElement): void {
  if (!root.querySelector('h1')) return;
  for (const heading of [...root.querySelectorAll('h1, h2, h3, h4, h5')]) {
    const below = root.ownerDocument.createElement(`h${Number(heading.tagName[1]) + 1}`);
    below.append(...heading.childNodes);
    heading.replaceWith(below);
  }
}

/** Documents know no heading cells; Markdown has no table without them. */
function headRows(root: HTMLElement): void {
  for (const table of root.querySelectorAll('table')) {
    if (table.querySelector('th')) continue;
    for (const cell of [...(table.rows[0]?.cells ?? [])]) {
      const head = root.ownerDocument.createElement('th');
      head.append(...cell.childNodes);
      cell.replaceWith(head);
    }
  }
  for (const paragraph of root.querySelectorAll('td p, th p')) {
    if (paragraph.nextElementSibling) paragraph.append(' ');
    paragraph.replaceWith(...paragraph.childNodes);
  }
}

function mendLinks(root: HTMLElement): void {
  for (const link of root.querySelectorAll('a')) {
    const href = link.getAttribute('href');
    if (!href || link.textContent.trim() === '') {
      link.replaceWith(...link.childNodes);
      continue;
    }
    if (!href.startsWith('https://www.google.com/url?')) continue;
    link.setAttribute('href', new URL(href).searchParams.get('q') ?? href);
  }
}

/** Documents are full of blanks that do not break where nobody asked for them. */
function plainBlanks(root: HTMLElement): void {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement?.closest('pre')) node.textContent = node.textContent!.replace(/\u00a0/g, ' ');
  }
}

function picturesOf(root: HTMLElement): File[] {
  const files: File[] = [];
  for (const image of root.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    if (/^https?:/.test(source)) continue;
    image.remove();
    const [, type, data] = /^data:(image\/[a-z+]+);base64,(.+)$/.exec(source) ?? [];
    if (!type || !data) continue;
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    files.push(new File([bytes], `pasted.${type.slice(6)}`, { type }));
  }
  return files;
}

export function toMarkdown(html: string): Converted {
  // The page's policy lets nothing of it run; renamed, it is not even tried, with a complaint.
  const quiet = html
    .replace(/<(style|script)\b[^]*?<\/\1\s*>/gi, '')
    .replace(/<[^>]+>/g, (tag) => tag.replace(/\s(style|on[a-z]+)\s*=/gi, ' data-$1='));
  const page = new DOMParser().parseFromString(quiet, 'text/html');
  const root = page.body;
  for (const node of root.querySelectorAll('o\\:p, meta, link, .Apple-interchange-newline')) {
    node.replaceWith(...node.childNodes);
  }
  listsOfWord(root);
  tagsForStyles(root);
  lower(root);
  headRows(root);
  mendLinks(root);
  plainBlanks(root);
  const files = picturesOf(root);
  const text = service()
    .turndown(root)
    .replace(/^\\$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return { text, files };
}

/** The headings of a text with their lines, as far as a glance at the lines tells. Pure. */

export interface HeadingLine {
  level: number;
  title: string;
  /** Counted from 1. */
  line: number;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;

export function headingsOf(markdown: string): HeadingLine[] {
  const found: HeadingLine[] = [];
  let fence = '';
  markdown.split(/\r?\n/).forEach((text, index) => {
    const mark = FENCE.exec(text)?.[1];
    if (mark && fence === '') fence = mark;
    else if (mark?.startsWith(fence)) fence = '';
    if (mark || fence !== '') return;
    const [, marks, words] = HEADING.exec(text) ?? [];
    if (!marks || !words) return;
    const title = words.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*_`~]+/g, '');
    found.push({ level: marks.length, title, line: index + 1 });
  });
  return found;
}

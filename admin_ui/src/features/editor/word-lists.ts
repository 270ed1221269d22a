/** Word writes lists as paragraphs whose style names a level; here they become lists again. */

const LEVEL = /mso-list:[^;]*level(\d+)/;

/** Makes `ul` and `ol` of each run of such paragraphs, in place. */
export function listsOfWord(root: HTMLElement): void {
  const open: HTMLElement[] = [];
  let last: Element | null = null;
  for (const paragraph of [...root.querySelectorAll<HTMLElement>('p[data-style*="mso-list"]')]) {
    const level = Number(LEVEL.exec(paragraph.dataset.style ?? '')?.[1] ?? 0);
    if (level === 0) continue;
    const bullet = paragraph.querySelector('[data-style*="mso-list:Ignore"], [data-style*="mso-list: Ignore"]');
    const isNumbered = /^\s*[(]?\w{1,3}[.)]/.test(bullet?.textContent ?? '');
    bullet?.remove();
    if (paragraph.previousElementSibling !== last) open.length = 0;
    open.length = Math.min(open.length, level);
    while (open.length < level) {
      const list = root.ownerDocument.createElement(isNumbered ? 'ol' : 'ul');
      const outer = open.at(-1)?.lastElementChild ?? open.at(-1);
      if (outer) outer.append(list);
      else paragraph.before(list);
      open.push(list);
    }
    const item = root.ownerDocument.createElement('li');
    item.append(...paragraph.childNodes);
    open.at(-1)!.append(item);
    paragraph.remove();
    last = open[0] ?? null;
  }
}

/** Who has the focus next where what had it was taken off the page. */

const CONTROLS = 'a[href], button, input, select, textarea, [tabindex="0"]';

const controlsOf = (within: Element) => [...within.querySelectorAll<HTMLElement>(CONTROLS)];
// Out of the page or not shown, it has no boxes.
const canTake = (found: HTMLElement | undefined) =>
  found && !found.matches(':disabled') && found.getClientRects().length > 0;

/** What stands around a place, what comes after it first, then backwards from it. */
function* around(parent: Node, next: Node | null, previous: Node | null): Generator<Element> {
  if (next instanceof Element) yield next;
  for (let node = previous; node; node = node.previousSibling) if (node instanceof Element) yield node;
  if (parent instanceof Element && !parent.matches('section, form, main')) {
    yield* around(parent.parentNode!, parent.nextElementSibling, parent.previousElementSibling);
  }
}

/** In a row of the same kind the same control; else the first one nearby. */
function nearest(lost: HTMLElement, { target, nextSibling, previousSibling }: MutationRecord, gone: Element) {
  const place = controlsOf(gone).indexOf(lost);
  for (const neighbour of around(target, nextSibling, previousSibling)) {
    const controls = controlsOf(neighbour);
    const same = gone.matches('li') && neighbour.matches('li') ? controls[place] : undefined;
    const found = [same, ...controls].find(canTake);
    if (found) return found;
  }
  return null;
}

/** Null where it was not taken from this place, or the place is gone too. */
export function heirOf(lost: HTMLElement, within: HTMLElement, records: MutationRecord[]): HTMLElement | null {
  for (const record of records) {
    const gone = [...record.removedNodes].find((node) => node.contains(lost));
    if (gone instanceof Element && within.contains(record.target)) {
      return nearest(lost, record, gone) ?? within;
    }
  }
  return null;
}

/** Which tab this is: its name survives a reload, and other tabs can tell whether it still lives. */

const KEY = 'lontar.tab';
const LOCK = 'lontar.tab.';

let own: Promise<string> | null = null;

/** A copied tab takes its name along: whoever can't lock the name takes a new one. */
export function thisTab(): Promise<string> {
  own ??= claim(sessionStorage.getItem(KEY) ?? crypto.randomUUID());
  return own;
}

async function claim(name: string): Promise<string> {
  // After a reload the page that was may still be letting go.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (await lock(name)) {
      sessionStorage.setItem(KEY, name);
      return name;
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return claim(crypto.randomUUID());
}

function lock(name: string): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(LOCK + name, { ifAvailable: true }, (granted) => {
      resolve(granted !== null);
      return granted === null ? undefined : new Promise(() => undefined); // until the tab ends
    });
  });
}

export async function livingTabs(): Promise<Set<string>> {
  if (!('locks' in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name = '' }) => name.replace(LOCK, '')));
}

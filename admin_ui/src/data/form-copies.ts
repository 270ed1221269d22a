/** The copy on this device of a form that was changed and not saved: by the address of its screen. */
const PREFIX = 'lontar.form.';

export interface FormCopy<F> {
  /** The revision that was changed; null before the server knows the thing. */
  revision: number | null;
  title: string;
  value: F;
  /** What stood there in that revision. */
  base?: F;
}

/** `copy` as JSON of a `FormCopy`. Synchronous on purpose, as with articles; without room the form alone holds it, and warns who leaves. */
export function keepForm(storage: Storage, address: string, copy: string): void {
  try {
    storage.setItem(PREFIX + address, copy);
  } catch {
    storage.removeItem(PREFIX + address); // an older one would bring back less than was seen
  }
}

export function formCopy<F>(storage: Storage, address: string): FormCopy<F> | null {
  try {
    return JSON.parse(storage.getItem(PREFIX + address) ?? 'null') as FormCopy<F> | null;
  } catch {
    return null;
  }
}

/** As it lies there. */
export function rawForm(storage: Storage, address: string): string | null {
  return storage.getItem(PREFIX + address);
}

export function forgetForm(storage: Storage, address: string): void {
  storage.removeItem(PREFIX + address);
}

/** Where something stands that was not saved, and what it is called. */
export function unsavedForms(storage: Storage): { address: string; title: string }[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .map((address) => {
      const title = formCopy<unknown>(storage, address)?.title.trim();
      return { address, title: title ? `“${title}”` : '–' };
    });
}

import { expect, it, vi } from 'vitest';

import { blank } from './fields';
import { NOTHING } from './session-state';
import { StateStore } from './state-store';

it('loses no text that nobody has read yet', () => {
  const store = new StateStore({ article: null, fields: blank('en'), ...NOTHING });
  const read = vi.fn(() => 'typed');
  store.readLater(read);
  store.typed({ isKeptLocally: true, phase: 'untitled' });
  expect(store.glance.fields.markdown).toBe('');
  expect(read).not.toHaveBeenCalled();
  store.set({ phase: 'saving' });
  expect(store.state).toMatchObject({ phase: 'saving', fields: { markdown: 'typed' } });
  expect(read).toHaveBeenCalledOnce();
});

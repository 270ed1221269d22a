import { describe, expect, it, vi } from 'vitest';

import type { ArticleAdmin } from '~/data/articles';
import type { KeptText, LocalDraft } from '~/data/local-drafts';
import { Problem } from '~/data/problem';
import { spliced } from '~/data/splices';

import { ArticleSession } from './article-session';
import { blank, fieldsOf } from './fields';
import type { Fields } from './fields';
import type { Ports } from './session-state';
import type { News } from './state-store';

function article(revision: number, changes: Partial<Fields> = {}): ArticleAdmin {
  const fields = { ...blank('en'), title: 'Palm', slug: 'palm', markdown: 'one\n', ...changes };
  const rest = { id: 'a1', revision, status: 'draft', live: null };
  return { ...rest, ...fields } as unknown as ArticleAdmin;
}

/** A server of one article, and a device with one copy of it. */
function world(start: ArticleAdmin | null = article(1)) {
  const server = { now: start, refusals: [] as Problem[], calls: [] as object[], created: 0 };
  const device = { copy: null as LocalDraft<Fields> | null, texts: [] as KeptText[] };
  const timers: (() => void)[] = [];
  function refuse() {
    const problem = server.refusals.shift();
    if (problem) throw problem;
  }
  const ports: Ports = {
    load: async () => {
      refuse();
      return server.now!;
    },
    create: async (body) => {
      server.calls.push(body);
      refuse();
      server.created += 1;
      return (server.now = article(1, body));
    },
    update: async (_, revision, body) => {
      server.calls.push(body);
      refuse();
      const { now } = server;
      if (now?.revision !== revision) throw new Problem(412, 'stale', '', { current: now });
      return (server.now = article(revision + 1, { ...fieldsOf(now), ...body }));
    },
    verb: async (verb, _, revision) => {
      refuse();
      server.calls.push({ verb });
      return (server.now = { ...server.now!, revision: revision + 1 });
    },
    keep: (_, draft) => {
      device.copy = draft;
      return true;
    },
    keepTyped: (_, splices) => {
      if (!device.copy) return false;
      const { fields } = device.copy;
      device.copy = { ...device.copy, fields: { ...fields, markdown: spliced(fields.markdown, splices) } };
      return true;
    },
    forget: () => {
      device.copy = null;
    },
    keepText: (_, text) => {
      device.texts.push(text);
    },
    setTimer: (act) => timers.push(act),
    clearTimer: () => undefined,
    now: () => '2026-11-22T00:00:00Z',
  };
  const open = (draft: LocalDraft<Fields> | null = null) =>
    new ArticleSession(ports, server.now, blank('en'), draft, 'key');
  return { server, device, timers, ports, open };
}

describe('an article session', () => {
  it('keeps every change on the device before the server hears of it', () => {
    const { device, server, open } = world();
    open().change({ markdown: 'one two\n' });
    expect(device.copy?.fields.markdown).toBe('one two\n');
    expect(server.calls).toEqual([]);
  });

  it('keeps every letter that is typed, and reads the text when it is delivered', async () => {
    const { device, server, open } = world();
    const session = open();
    const told: News[] = [];
    session.subscribe((news) => told.push(news));
    const read = vi.fn();
    let text = 'one\n';
    function press(letter: string) {
      const at = text.length - 1;
      const now = spliced(text, [[at, 0, letter]]);
      text = now;
      session.type([[at, 0, letter]], () => {
        read();
        return now;
      });
    }
    press('!');
    expect(session.get().phase).toBe('unsaved');
    read.mockClear();
    for (const letter of ' two') press(letter);
    expect(device.copy?.fields.markdown).toBe('one! two\n');
    expect(read).not.toHaveBeenCalled();
    expect(told).toEqual(['begun', 'typed', 'typed', 'typed', 'typed']);
    expect(session.isClean).toBe(false);
    expect(await session.flush()).toBe(true);
    expect(server.calls).toEqual([{ markdown: 'one! two\n' }]);
    expect(device.copy).toBeNull();
    press('?');
    expect(device.copy).toMatchObject({ fields: { markdown: 'one! two?\n' }, base: { markdown: 'one! two\n' } });
  });

  it('takes in what was saved elsewhere, and what is typed while it looks meets it', async () => {
    const { device, server, ports, open } = world();
    const session = open();
    server.now = article(2, { markdown: 'theirs\n' });
    await session.refresh();
    expect(session.get()).toMatchObject({ phase: 'saved', version: 1, fields: { markdown: 'theirs\n' } });
    expect(device.copy).toBeNull();

    const { load } = ports;
    ports.load = (id) => {
      expect(session.isClean).toBe(true);
      session.type([[0, 6, 'mine']], () => 'mine\n');
      expect(session.isClean).toBe(false);
      return load(id);
    };
    await session.refresh();
    expect(session.get()).toMatchObject({ phase: 'unsaved', version: 1, fields: { markdown: 'mine\n' } });
    expect(await session.flush()).toBe(true);

    server.now = article(9, { title: 'Leaf', markdown: 'mine\n' });
    ports.load = (id) => {
      session.type([[0, 4, 'ours']], () => 'ours\n');
      return load(id);
    };
    await session.refresh();
    expect(session.get()).toMatchObject({ phase: 'unsaved', fields: { title: 'Leaf', markdown: 'ours\n' } });
    expect(await session.flush()).toBe(true);

    server.now = article(12, { markdown: 'theirs\n' });
    ports.load = (id) => {
      session.type([[0, 4, 'mine']], () => 'mine\n');
      return load(id);
    };
    await session.refresh();
    expect(session.get()).toMatchObject({ phase: 'conflict', fields: { markdown: 'mine\n' } });
    expect(device.copy?.fields.markdown).toBe('mine\n');
  });

  it('stays as it is when looking brings no answer, and looks at nothing that is unsaved', async () => {
    const { server, timers, open } = world();
    const session = open();
    server.refusals = [new Problem(503, 'unavailable', '')];
    await session.refresh();
    expect(session.get()).toMatchObject({ phase: 'saved', problem: null });
    session.change({ markdown: 'two\n' });
    server.refusals = [new Problem(503, 'unavailable', '')];
    await session.flush();
    expect(session.get().phase).toBe('offline');
    const waiting = timers.length;
    server.now = article(2, { markdown: 'theirs\n' });
    await session.refresh();
    expect(session.get()).toMatchObject({ phase: 'offline', fields: { markdown: 'two\n' } });
    expect(timers.length).toBe(waiting);
  });

  it('keeps what is typed before and during a save, and while there is a conflict', async () => {
    const { device, server, ports, open } = world();
    const session = open();
    const { update } = ports;
    ports.update = (...call) => {
      session.type([[4, 0, 'three']], () => 'twothree\n');
      return update(...call);
    };
    session.type([[0, 3, 'two']], () => 'two\n');
    expect(await session.flush()).toBe(false);
    expect(session.get().fields.markdown).toBe('twothree\n');
    server.now = article(9, { markdown: 'theirs' });
    ports.update = update;
    await session.flush();
    expect(session.get().phase).toBe('conflict');
    session.type([[0, 9, 'mine']], () => 'mine');
    expect(session.get()).toMatchObject({ phase: 'conflict', fields: { markdown: 'mine' } });
    expect(device.copy?.fields.markdown).toBe('mine');
    expect(server.now.markdown).toBe('theirs');
  });

  it('says so when what is typed can not be kept on the device', () => {
    const { ports, open } = world();
    const session = open();
    ports.keepTyped = () => false;
    ports.keep = () => false;
    session.type([[0, 0, 'a']], () => 'aone\n');
    expect(session.get().isKeptLocally).toBe(false);
  });

  it('sends only what changed, and forgets the copy once the server has it', async () => {
    const { device, server, open } = world();
    const session = open();
    session.change({ markdown: 'one two\n' });
    expect(await session.flush()).toBe(true);
    expect(server.calls).toEqual([{ markdown: 'one two\n' }]);
    expect(device.copy).toBeNull();
    expect(session.get().phase).toBe('saved');
  });

  it('keeps what is typed while a save is under way', async () => {
    const { device, server, ports, open } = world();
    const session = open();
    const update = ports.update;
    ports.update = (...call) => {
      ports.update = update;
      session.change({ markdown: 'one two three\n' });
      return update(...call);
    };
    session.change({ markdown: 'one two\n' });
    expect(await session.flush()).toBe(false);
    expect(session.get().fields.markdown).toBe('one two three\n');
    expect(device.copy?.fields.markdown).toBe('one two three\n');
    expect(await session.flush()).toBe(true);
    expect(server.now?.markdown).toBe('one two three\n');
  });

  it('waits for a title before it makes a new article, and makes it once', async () => {
    const { server, device, open } = world(null);
    const session = open();
    session.change({ markdown: 'text first' });
    await session.flush();
    expect(session.get().phase).toBe('untitled');
    expect(device.copy?.fields.markdown).toBe('text first');
    session.change({ title: 'Palm' });
    await session.flush();
    await session.flush();
    expect(server.created).toBe(1);
    expect(session.get().phase).toBe('saved');
  });

  it('goes on trying while the server is away, and delivers', async () => {
    const { server, device, open } = world();
    const session = open();
    server.refusals = [new Problem(0, 'unreachable', ''), new Problem(503, 'unavailable', '')];
    session.change({ markdown: 'typed offline' });
    await session.flush();
    expect(session.get().phase).toBe('offline');
    await session.flush();
    expect(device.copy?.fields.markdown).toBe('typed offline');
    await session.flush();
    expect(server.now?.markdown).toBe('typed offline');
    expect(session.get().phase).toBe('saved');
  });

  it('merges what someone else changed elsewhere', async () => {
    const { server, open } = world();
    const session = open();
    server.now = article(5, { tag_slugs: ['nginx'] });
    session.change({ markdown: 'mine' });
    expect(await session.flush()).toBe(true);
    expect(server.now).toMatchObject({ markdown: 'mine', tag_slugs: ['nginx'], revision: 6 });
    expect(session.get().fields.tag_slugs).toEqual(['nginx']);
  });

  it('takes an answer that was lost on the way for what it is', async () => {
    const { server, open } = world();
    const session = open();
    session.change({ markdown: 'arrived' });
    server.now = article(2, { markdown: 'arrived' });
    await session.flush();
    expect(session.get()).toMatchObject({ phase: 'saved', conflict: null });
  });

  it('stops at a conflict and goes on keeping what is typed', async () => {
    const { server, device, open } = world();
    const session = open();
    server.now = article(5, { markdown: 'theirs' });
    session.change({ markdown: 'mine' });
    expect(await session.flush()).toBe(false);
    expect(session.get().conflict?.names).toEqual(['markdown']);
    session.change({ markdown: 'mine, longer' });
    expect(device.copy?.fields.markdown).toBe('mine, longer');
    expect(server.now.markdown).toBe('theirs');
  });

  it.each(['mine', 'theirs'] as const)('keeps the other text when %s is chosen', async (choice) => {
    const { server, device, open } = world();
    const session = open();
    server.now = article(5, { markdown: 'theirs', featured: true });
    session.change({ markdown: 'mine' });
    await session.flush();
    await session.resolve(choice);
    expect(server.now).toMatchObject({ markdown: choice, featured: true });
    expect(session.get()).toMatchObject({ phase: 'saved', fields: { markdown: choice } });
    expect(device.texts.map((text) => text.markdown)).toEqual([
      choice === 'mine' ? 'theirs' : 'mine',
    ]);
  });

  it('keeps both texts when they are merged by hand', async () => {
    const { server, device, open } = world();
    const session = open();
    server.now = article(5, { markdown: 'theirs', featured: true });
    session.change({ markdown: 'mine' });
    await session.flush();
    await session.resolve({ markdown: 'mine and theirs' });
    expect(server.now).toMatchObject({ markdown: 'mine and theirs', featured: true });
    expect(session.get()).toMatchObject({ phase: 'saved', version: 1 });
    expect(device.texts.map(({ markdown, whose }) => [markdown, whose])).toEqual([
      ['theirs', 'theirs'],
      ['mine', 'mine'],
    ]);
  });

  it('tells a save that somebody asked for from those while typing', async () => {
    const { ports, timers, open } = world();
    const told: boolean[] = [];
    const { update } = ports;
    ports.update = (id, revision, body, isAutosave) => {
      told.push(isAutosave);
      return update(id, revision, body, isAutosave);
    };
    const session = open();
    session.change({ markdown: 'typed' });
    timers.at(-1)!();
    await vi.waitFor(() => expect(session.get().phase).toBe('saved'));
    session.change({ markdown: 'typed and asked for' });
    await session.flush(true);
    expect(told).toEqual([true, false]);
  });

  it('fills in what a copy of an older page does not have', async () => {
    const { server, device, open } = world();
    open().change({ markdown: 'kept' });
    const older = { ...device.copy!.fields, series: undefined };
    const fields = JSON.parse(JSON.stringify(older)) as Fields;
    const session = open({ ...device.copy!, fields });
    await session.flush();
    expect(server.calls).toEqual([{ markdown: 'kept' }]);
    expect(session.isClean).toBe(true);
  });

  it('goes on from the copy on the device after a crash', async () => {
    const { server, device, open } = world();
    open().change({ markdown: 'before the crash' });
    const session = open(device.copy);
    expect(session.get().fields.markdown).toBe('before the crash');
    await session.flush();
    expect(server.now?.markdown).toBe('before the crash');
  });

  it('finds the conflict when the copy is older than what the server has', () => {
    const { server, device, open } = world();
    open().change({ markdown: 'before the crash' });
    server.now = article(9, { markdown: 'written meanwhile' });
    expect(open(device.copy).get().conflict?.names).toEqual(['markdown']);
  });

  it('delivers before it publishes', async () => {
    const { server, open } = world();
    const session = open();
    session.change({ markdown: 'last words' });
    expect(await session.apply('publish')).toBe(true);
    expect(server.calls).toEqual([{ markdown: 'last words' }, { verb: 'publish' }]);
  });

  it('lets the slug of a draft follow its title, and gives up where it is taken', async () => {
    const { server, open } = world();
    const session = open();
    server.refusals = [new Problem(409, 'slug_taken', '')];
    session.change({ title: 'Palm leaf' });
    await session.flush();
    expect(server.calls).toEqual([{ title: 'Palm leaf', slug: null }, { title: 'Palm leaf' }]);
  });

  it('does not eat the blank at the end of a title that is being typed', async () => {
    const { server, ports, open } = world();
    const update = ports.update;
    ports.update = async (...call) => {
      server.now = { ...(await update(...call)), title: 'Palm leaf' };
      return server.now;
    };
    const session = open();
    session.change({ title: 'Palm leaf ' });
    await session.flush();
    expect(session.get()).toMatchObject({ phase: 'saved', fields: { title: 'Palm leaf ' } });
  });

  it('keeps the text of a draft that is discarded', async () => {
    const { device, open } = world();
    const session = open();
    session.change({ markdown: 'a thought' });
    await session.apply('discard');
    expect(device.texts[0]).toMatchObject({ markdown: 'a thought', whose: 'mine' });
    expect(session.get().fields.markdown).toBe('one\n');
  });
});

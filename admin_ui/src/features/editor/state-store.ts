/** Where the state of an article session is, and who hears of it. */
import type { State } from './session-state';

/** Somebody types: 'typed' is the text alone, 'begun' more than that. Anything else is 'changed'. */
export type News = 'changed' | 'begun' | 'typed';
export type Listener = (news: News) => void;

/** The text that is being typed is as long as it is: it is read when somebody asks, not at each key. */
export class StateStore {
  private held: State;
  private unread: (() => string) | null = null;
  private readonly listeners = new Set<Listener>();

  constructor(state: State) {
    this.held = state;
  }

  get state(): State {
    if (this.unread) {
      const markdown = this.unread();
      this.unread = null;
      this.held = { ...this.held, fields: { ...this.held.fields, markdown } };
    }
    return this.held;
  }

  /** The state with the text as it was when it was last read. */
  get glance(): State {
    return this.held;
  }

  set(changes: Partial<State>): void {
    this.held = { ...this.state, ...changes };
    this.tell('changed');
  }

  readLater(read: () => string): void {
    this.unread = read;
  }

  /** What typing changes beside the text. */
  typed(changes: Pick<State, 'isKeptLocally' | 'phase'>): void {
    const { isKeptLocally, phase } = this.held;
    const isSame = changes.isKeptLocally === isKeptLocally && changes.phase === phase;
    this.held = { ...this.held, ...changes };
    this.tell(isSame ? 'typed' : 'begun');
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  clear(): void {
    this.listeners.clear();
  }

  private tell(news: News): void {
    for (const listener of this.listeners) listener(news);
  }
}

/**
 * One article while someone writes it: keeps every change on this device at once, delivers after a
 * pause, tries again for as long as it takes, and never lets a newer version swallow a letter.
 */
import type { ArticleAdmin, ArticleVerb, VerbDetail } from '~/data/articles';
import type { LocalDraft } from '~/data/local-drafts';
import { asProblem } from '~/data/problem';
import type { Problem } from '~/data/problem';
import type { Splice } from '~/data/splices';

import { Alarm } from './alarm';
import { afterSaving, bodyOf } from './exchange';
import { changed, chosen, fieldsOf, isFromTitle, merge } from './fields';
import type { Choice, Fields } from './fields';
import { LocalCopy } from './local-copy';
import { NOTHING, phaseAfter, STUCK, writingPhase } from './session-state';
import type { Phase, Ports, State } from './session-state';
import { StateStore } from './state-store';
import type { Listener } from './state-store';

export type { Ports, State } from './session-state';

export const PAUSE = 1200;
const REWRITES = new Set<ArticleVerb>(['discard', 'bringBack', 'pullImages']); // other text comes

export class ArticleSession {
  private readonly ports: Ports;
  private readonly store: StateStore;
  private readonly copy: LocalCopy;
  private base: Fields;
  private slugFollows: boolean;
  private running: Promise<boolean> | null = null;
  private readonly alarm: Alarm;

  constructor(
    ports: Ports,
    article: ArticleAdmin | null,
    fields: Fields,
    draft: LocalDraft<Fields> | null,
    newKey: string,
  ) {
    this.ports = ports;
    this.alarm = new Alarm(ports, () => void this.flush());
    this.base = article ? fieldsOf(article) : fields;
    this.slugFollows = !article || (!article.live && isFromTitle(article.slug, article.title));
    this.copy = new LocalCopy(ports, draft?.idempotencyKey ?? newKey);
    this.store = new StateStore({ article, fields: this.base, ...NOTHING });
    if (draft) this.resume(draft);
  }

  readonly subscribe = (listener: Listener): (() => void) => this.store.subscribe(listener);

  readonly get = (): State => this.state;
  readonly glance = (): State => this.store.glance;

  get isClean(): boolean {
    const { fields, phase } = this.state;
    return changed(this.base, fields).length === 0 && phase !== 'saving';
  }

  change(changes: Partial<Fields>): void {
    if (changes.slug !== undefined) this.slugFollows = changes.slug === '';
    const fields = { ...this.state.fields, ...changes };
    const isKeptLocally = this.copy.keep(this.state.article, this.base, fields);
    this.store.set({ fields, isKeptLocally, phase: this.phaseOf(this.restingPhase(fields)) });
    if (!this.isStuck) this.alarm.set(PAUSE);
  }

  /** What somebody types into the text. A key costs the same in a long one: it is read when needed. */
  type(splices: readonly Splice[], read: () => string): void {
    this.store.readLater(read);
    const { article, fields } = this.store.glance;
    const isKeptLocally =
      this.copy.add(article, splices) || this.copy.keep(article, this.base, this.state.fields);
    this.store.typed({ isKeptLocally, phase: this.phaseOf(writingPhase(fields)) });
    if (!this.isStuck) this.alarm.set(PAUSE);
  }

  /** Deliver now; true when the server has everything. What was asked for is a revision of its own. */
  flush(isAsked = false): Promise<boolean> {
    return this.alone(() => (this.state.phase === 'conflict' ? false : this.deliver(!isAsked)));
  }

  /** What was saved elsewhere comes in. What is unsaved here would meet it when it is delivered. */
  async refresh(): Promise<void> {
    const { article, phase } = this.state;
    if (!article || phase !== 'saved' || this.running) return;
    await this.alone(async () => {
      // Without an answer all stays as it is: the next look, or saving, tells.
      const found = await this.ports.load(article.id).catch(() => article);
      if (found.revision > article.revision) this.meet(found);
      else this.settle();
      return true;
    });
  }

  /** Publish, unpublish and the like, after everything typed was delivered. */
  apply(verb: ArticleVerb, detail: VerbDetail = {}): Promise<boolean> {
    return this.alone(async () => {
      if (verb === 'discard') this.copy.setAside(this.state.article, this.state.fields, 'mine');
      else if (!(await this.deliver())) return false;
      const { article, fields: sent } = this.state;
      if (!article) return false;
      this.store.set({ phase: 'saving', problem: null });
      try {
        const after = await this.ports.verb(verb, article.id, article.revision, detail);
        if (REWRITES.has(verb)) this.rest(after, fieldsOf(after));
        else this.adopt(sent, after);
        this.settle();
        return true;
      } catch (error) {
        this.fail(asProblem(error));
        return false;
      }
    });
  }

  /** End a conflict. What is not chosen is kept on this device first, or nothing is done. */
  async resolve(choice: Choice): Promise<void> {
    const { article, conflict, fields } = this.state;
    if (!conflict) return;
    const theirs = fieldsOf(conflict.theirs);
    if (choice !== 'theirs') this.copy.setAside(article, theirs, 'theirs');
    if (choice !== 'mine') this.copy.setAside(article, fields, 'mine');
    this.rest(conflict.theirs, chosen(choice, this.base, fields, theirs));
    await this.flush();
  }

  dispose(): void {
    this.alarm.cancel();
    this.store.clear();
  }

  /** One conversation with the server at a time. */
  private async alone(work: () => Promise<boolean> | boolean): Promise<boolean> {
    this.alarm.cancel();
    while (this.running) await this.running;
    this.running = Promise.resolve(work());
    try {
      return await this.running;
    } finally {
      this.running = null;
      if (this.state.phase === 'unsaved') this.alarm.set(PAUSE);
    }
  }

  private resume(draft: LocalDraft<Fields>): void {
    // A copy of an older version of this page may lack a field.
    this.store.set({ fields: { ...this.base, ...draft.fields } });
    const { article } = this.state;
    if (article && draft.revision !== article.revision) {
      this.base = { ...this.base, ...draft.base };
      this.meet(article);
    } else {
      this.store.set({ phase: this.restingPhase() });
    }
    if (this.state.phase === 'unsaved') this.alarm.set(PAUSE);
    this.copy.keep(this.state.article, this.base, this.state.fields);
  }

  private async deliver(isAutosave = true): Promise<boolean> {
    for (let round = 0; round < 4; round += 1) {
      const { article, fields: sent } = this.state;
      const names = changed(this.base, sent).filter((name) => name !== 'title' || sent.title.trim());
      if (names.length === 0 || (!article && !sent.title.trim())) return this.settle();
      this.store.set({ phase: 'saving', problem: null });
      try {
        const body = bodyOf(article, sent, names, this.slugFollows);
        const answer = article
          ? this.ports.update(article.id, article.revision, body, isAutosave)
          : this.ports.create({ ...body, title: sent.title }, this.copy.idempotencyKey);
        this.adopt(sent, await answer);
        return this.state.phase === 'saved';
      } catch (error) {
        const problem = asProblem(error);
        if (problem.code === 'slug_taken' && this.slugFollows && !names.includes('slug')) {
          this.slugFollows = false;
          continue;
        }
        this.fail(problem);
        // A newer version that did not touch what we changed: deliver on top of it.
        if (problem.status !== 412 || this.get().phase === 'conflict') return false;
      }
    }
    return false;
  }

  /** The server has what was sent; what was typed meanwhile stays on top. */
  private adopt(sent: Fields, article: ArticleAdmin): void {
    const isFirst = !this.state.article;
    const { base, fields } = afterSaving(sent, this.state.fields, article);
    this.base = base;
    this.alarm.calm();
    this.store.set({ article, fields, conflict: null });
    if (isFirst) this.copy.forget(null);
    this.settle();
  }

  private rest(article: ArticleAdmin, fields: Fields): void {
    const isOther = fields.markdown !== this.state.fields.markdown;
    this.base = fieldsOf(article);
    const version = this.state.version + (isOther ? 1 : 0);
    this.store.set({ article, fields, conflict: null, phase: 'unsaved', version });
    this.copy.keep(this.state.article, this.base, fields);
  }

  private settle(): boolean {
    const phase = this.restingPhase();
    if (phase === 'saved') this.copy.forget(this.state.article);
    else this.copy.keep(this.state.article, this.base, this.state.fields);
    this.store.set({ phase, problem: null });
    return phase === 'saved';
  }

  private fail(problem: Problem): void {
    if (problem.status === 412) return this.meet(problem.current as ArticleAdmin);
    const phase = phaseAfter(problem);
    this.store.set({ phase, problem });
    if (phase === 'offline') this.alarm.setAgain(problem.retryAfter);
  }

  /** Someone else's version meets ours. */
  private meet(theirs: ArticleAdmin): void {
    const { merged, conflicts } = merge(this.base, this.state.fields, fieldsOf(theirs));
    if (conflicts.length > 0) {
      this.store.set({ phase: 'conflict', conflict: { theirs, names: conflicts }, problem: null });
    } else {
      this.rest(theirs, merged);
      if (changed(this.base, merged).length === 0) this.settle();
    }
  }

  private restingPhase(fields = this.state.fields): Phase {
    return changed(this.base, fields).length === 0 ? 'saved' : writingPhase(fields);
  }

  private phaseOf(resting: Phase): Phase {
    return this.isStuck || this.running ? this.store.glance.phase : resting;
  }

  private get isStuck(): boolean {
    return STUCK.has(this.store.glance.phase);
  }

  private get state(): State {
    return this.store.state;
  }
}

/** The copy of an article session on this device: whole, and what is typed into it since. */
import type { ArticleAdmin } from '~/data/articles';
import type { Splice } from '~/data/splices';

import type { Fields } from './fields';
import type { Ports } from './session-state';

type Device = Pick<Ports, 'keep' | 'keepTyped' | 'keepText' | 'forget' | 'now'>;

/** Where it returns whether it was kept: false if the device has no room. */
export class LocalCopy {
  readonly idempotencyKey: string;
  private readonly device: Device;

  constructor(device: Device, idempotencyKey: string) {
    this.device = device;
    this.idempotencyKey = idempotencyKey;
  }

  keep(article: ArticleAdmin | null, base: Fields, fields: Fields): boolean {
    return this.device.keep(article?.id ?? null, {
      revision: article?.revision ?? null,
      base,
      fields,
      idempotencyKey: this.idempotencyKey,
      savedAt: this.device.now(),
    });
  }

  /** False too where there is no copy yet, or one so old that another is due. */
  add(article: ArticleAdmin | null, splices: readonly Splice[]): boolean {
    return this.device.keepTyped(article?.id ?? null, splices, this.device.now());
  }

  /** A text that something else takes the place of. */
  setAside(article: ArticleAdmin | null, { title, markdown }: Fields, whose: 'mine' | 'theirs'): void {
    if (!article) return;
    this.device.keepText(article.id, { title, markdown, whose, keptAt: this.device.now() });
  }

  forget(article: ArticleAdmin | null): void {
    this.device.forget(article?.id ?? null);
  }
}

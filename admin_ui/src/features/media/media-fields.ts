/** What can be written of a file, and what is sent of it. */
import type { MediaAdmin } from '~/data/media';

export interface MediaFields {
  name: string;
  credit: string;
  tags: string[];
  alt: Record<string, string>;
  caption: Record<string, string>;
  focal_point: { x: number; y: number };
}

export const blankMedia: MediaFields = {
  name: '',
  credit: '',
  tags: [],
  alt: {},
  caption: {},
  focal_point: { x: 0.5, y: 0.5 },
};

export function readMedia({ name, credit, tags, alt, caption, focal_point }: MediaAdmin): MediaFields {
  return { name, credit, tags, alt, caption, focal_point };
}

/** A text that was emptied is taken out. */
function told(texts: Record<string, string>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(texts).map(([lang, text]) => [lang, text.trim() || null]));
}

export const sentMedia = (value: MediaFields): Record<string, unknown> => ({
  ...value,
  alt: told(value.alt),
  caption: told(value.caption),
});

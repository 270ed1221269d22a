/** People write and read tags by name; the article stores their slugs. */

interface Tag {
  slug: string;
  name: string;
}

export const named = (slugs: readonly string[], tags: readonly Tag[]): string[] =>
  slugs.map((slug) => tags.find((tag) => tag.slug === slug)?.name ?? slug);

/** A name that no tag has yet goes to the server as it is, which makes the tag. */
export const asSlugs = (names: readonly string[], tags: readonly Tag[]): string[] => [
  ...new Set(
    names.map((name) => tags.find((tag) => tag.name === name || tag.slug === name)?.slug ?? name),
  ),
];

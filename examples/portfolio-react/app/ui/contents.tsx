import type { TocEntry } from '@lontar/client';

function Entries({ entries }: { entries: TocEntry[] }) {
  return (
    <ol>
      {entries.map((entry) => (
        <li key={entry.id}>
          <a href={`#${entry.id}`}>{entry.title}</a>
          {entry.children.length > 0 && <Entries entries={entry.children} />}
        </li>
      ))}
    </ol>
  );
}

/** The headings of a text; worth the place from the third on. */
export function Contents({ entries, label }: { entries: TocEntry[]; label: string }) {
  if (entries.length < 3) return null;
  return (
    <nav className="contents" aria-label={label}>
      <details open>
        <summary>{label}</summary>
        <Entries entries={entries} />
      </details>
    </nav>
  );
}

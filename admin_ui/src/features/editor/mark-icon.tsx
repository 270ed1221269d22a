/** What the marks look like in the toolbar, drawn on the grid of the other icons. */
import type { MarkName } from './mark-texts';

const PATHS: Partial<Record<MarkName, string>> = {
  addColumn: 'M4 4.5h6v11H4zM14.5 7.5v5M12 10h5',
  addRow: 'M4 4.5h12v5H4zM10 12v5M7.5 14.5h5',
  align: 'M4 5h12M6 8.3h8M4 11.6h12M6 15h8',
  bold: 'M6.5 4.5h4.2a2.7 2.7 0 0 1 0 5.4H6.5zM6.5 9.9h4.9a2.8 2.8 0 0 1 0 5.6H6.5z',
  bullets: 'M8 5.5h8.5M8 10h8.5M8 14.5h8.5M4 5.5h.01M4 10h.01M4 14.5h.01',
  code: 'm7 6-4 4 4 4M13 6l4 4-4 4',
  dropColumn: 'M4 4.5h6v11H4zM12.5 8l4 4M16.5 8l-4 4',
  dropRow: 'M4 4.5h12v5H4zM8 12.5l4 4M12 12.5l-4 4',
  footnote: 'M3.5 15.5 7 5.5l3.5 10M4.7 12h4.6M14 5l1.8-1v5.5',
  heading: 'M5 4.5v11M14 4.5v11M5 10h9',
  italic: 'M8.5 4.5h5M6.5 15.5h5M11.5 4.5l-3 11',
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-.9.9M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l.9-.9',
  numbers: 'M8.5 5.5h8M8.5 10h8M8.5 14.5h8M3.5 4.5l1-.6v3.4M3.3 12.6c.3-1.2 2.3-1 2 .3-.2.7-1.3 1.4-2 2.300h2.2',
  picture: 'M3.5 4.500h13v11h-13zM7 8.500h.01M4 14l3.7-3.5 2.5 2.300L13 9.500l3.5 3.5',
  quote: 'M4 6v8M8 6.500h8.500M8 10h8.500M8 13.500h5',
  table: 'M3.5 4.500h13v11h-13zM3.5 8.200h13M3.5 11.900h13M10 8.200v7.3',
  tasks: 'M3.5 4.500h4v4h-4zM3.5 11.500h4v4h-4zM10.5 6.500h6M10.5 13.500h6M4.5 6.500l.8.8 1.4-1.5',
  tidy: 'M4 6h12M4 10h12M4 14h12M8 4v12M12 4v12',
};

export function MarkIcon({ name }: { name: MarkName }) {
  return (
    <svg
      width={18}
      height={18}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'bold' ? 2 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

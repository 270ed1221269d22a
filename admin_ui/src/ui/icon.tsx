/** A handful of line icons, drawn on a 20-unit grid; they decorate, words beside them speak. */

const PATHS = {
  article: 'M5 3.5h7l3 3v10H5zM7.5 9h5M7.5 12h5',
  back: 'M11.5 4.5 6 10l5.5 5.5M6 10h9.5',
  bolt: 'M11 3 5 11h4.5L9 17l6-8h-4.5z',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l2.5 2',
  cloudOff: 'M4 3.5 16.5 16M7 6.5A4 4 0 0 1 14 9a3 3 0 0 1 2 5.2M12.5 14.5H6A3 3 0 0 1 5.3 8.6',
  copy: 'M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3',
  dots: 'M5 10h.01M10 10h.01M15 10h.01',
  down: 'm5.5 8 4.5 4.5L14.5 8',
  external: 'M8.5 5h-4v10.5H15v-4M11.5 4.5h4v4M15 5l-6 6',
  eye: 'M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  folder: 'M3.5 6.5v-2H8l1.5 2h7v9h-13z',
  globe: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c2.5 2.5 2.5 11.5 0 14M10 3c-2.5 2.5-2.5 11.5 0 14',
  home: 'M3.5 9.5 10 4l6.5 5.5M5.5 8.5V16h9V8.5M8.5 16v-4h3v4',
  image: 'M3.5 4.5h13v11h-13zM4 14l4-4 3 3 2.5-2.5 3 3M12.5 8h.01',
  inbox: 'M3.5 11.5 5.5 5h9l2 6.5v4h-13zM3.5 11.5H7l1 2h4l1-2h3.5',
  key: 'M12.5 10.5a3.5 3.5 0 1 0-3.3-2.2L4 13.5V16h3v-2h2v-2l1.2-1.2c.7.5 1.5.7 2.3.7zM13 6.5h.01',
  layers: 'm10 3.5 7 3.5-7 3.5L3 7zM3.5 10.5 10 14l6.5-3.5M3.5 13.5 10 17l6.5-3.5',
  leave: 'M8 4H4.5v12H8M12 6.5 15.5 10 12 13.5M15.5 10H8',
  left: 'M12 5.5 7.5 10l4.5 4.5',
  monitor: 'M3.5 4.5h13v9h-13zM7.5 16.5h5M10 13.5v3',
  moon: 'M16 11.5A6.5 6.5 0 0 1 8.5 4 6.5 6.5 0 1 0 16 11.5z',
  page: 'M5 3.5h10v13H5zM7.5 7h5',
  panel: 'M3.5 4.5h13v11h-13zM12 4.5v11',
  people: 'M7.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 16c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M13 9.5a2 2 0 1 0-.5-4M14.5 12c1.6.4 2.5 1.7 2.5 4',
  person: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c0-3 2.5-4.5 6-4.5s6 1.5 6 4.5',
  plus: 'M10 4.5v11M4.5 10h11',
  restore: 'M5 7.5h7a3.5 3.5 0 0 1 0 7H8M7.5 4.5l-3 3 3 3',
  right: 'M8 5.5 12.5 10 8 14.5',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l3.5 3.5',
  signpost: 'M4 5.5h9l3 2.5-3 2.5H4zM9 10.5v6M9 3.5v2',
  sliders: 'M4 6h6M14 6h2M12 4.2v3.6M4 10h2M10 10h6M8 8.2v3.6M4 14h7M15 14h1M13 12.2v3.6',
  star: 'm10 3.5 2 4.3 4.5.6-3.3 3.2.8 4.7L10 14l-4 2.3.8-4.7L3.5 8.4 8 7.8z',
  sun: 'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4',
  tag: 'M3.5 4.5h6l7 7-5 5-7-7zM7 8h.01',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10M8.5 9v4M11.5 9v4',
  up: 'm5.5 12 4.5-4.5L14.5 12',
  upload: 'M10 13V4.5M6.5 8 10 4.5 13.5 8M4 13v3h12v-3',
  warning: 'M10 4 2.8 16h14.4zM10 8.5v3.5M10 14h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'dots' ? 2.2 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

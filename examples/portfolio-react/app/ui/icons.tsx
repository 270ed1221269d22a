const SHAPE = {
  width: 20,
  height: 20,
  viewBox: '0 0 20 20',
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
  'aria-hidden': true,
} as const;

export function SearchIcon() {
  return (
    <svg {...SHAPE}>
      <circle cx="8.8" cy="8.8" r="5.3" />
      <path d="m12.8 12.8 4.2 4.2" />
    </svg>
  );
}

/** Half sun, half moon: it means the change, not the state. */
export function ThemeIcon() {
  return (
    <svg {...SHAPE}>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 3a7 7 0 0 0 0 14z" fill="currentColor" />
    </svg>
  );
}

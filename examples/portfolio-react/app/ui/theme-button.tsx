import { ThemeIcon } from './icons';

/** Light and dark by hand; until then the system decides. theme.js remembers. */
function change() {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : window.matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
  try {
    localStorage.setItem('theme', root.dataset.theme);
  } catch {
    // Not remembered, but changed.
  }
}

export function ThemeButton({ label }: { label: string }) {
  return (
    <button className="tool theme-button" type="button" aria-label={label} onClick={change}>
      <ThemeIcon />
    </button>
  );
}

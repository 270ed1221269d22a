/**
 * What a browser calls itself, as people call it. By bowser: kept, small, of no dependencies, and MIT,
 * where ua-parser-js has become AGPL.
 */
import Bowser from 'bowser';

/** "Firefox 145, Windows"; as it stands where nobody knows it. */
export function nameOf(userAgent: string): string {
  if (!userAgent) return '';
  const { browser, os } = Bowser.parse(userAgent);
  const version = browser.version?.split('.', 1)[0];
  const name = [browser.name, version].filter(Boolean).join(' ');
  return browser.name ? [name, os.name].filter(Boolean).join(', ') : userAgent;
}

import { useChrome } from '~/lib/chrome';

const FEEDS = [
  ['RSS', '/feed.xml'],
  ['Atom', '/atom.xml'],
  ['JSON', '/feed.json'],
] as const;

export function Footer() {
  const { site, lang, texts } = useChrome();
  return (
    <footer id="footer" className="footer">
      <div className="column wide footer-rows">
        <p className="about">{site?.description}</p>
        <ul className="elsewhere" aria-label={texts.opensElsewhere}>
          {site?.social_links.map(({ kind, url, label }) => (
            <li key={url}>
              <a href={url} rel="me">
                {label || kind}
              </a>
            </li>
          ))}
        </ul>
        <ul className="feeds" aria-label={texts.feeds}>
          {FEEDS.map(([name, path]) => (
            <li key={path}>
              <a href={`${path}?lang=${lang}`}>{name}</a>
            </li>
          ))}
        </ul>
      </div>
    </footer>
  );
}

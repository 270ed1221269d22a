import { useChrome } from '~/lib/chrome';

/** The page could not be loaded; another try may help. */
export function Broken() {
  const { texts } = useChrome();
  return (
    <div className="column page">
      <h1>{texts.broken}</h1>
      <p className="lead">{texts.brokenText}</p>
      <button className="button" type="button" onClick={() => window.location.reload()}>
        {texts.again}
      </button>
    </div>
  );
}

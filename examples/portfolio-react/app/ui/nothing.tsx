import { useChrome } from '~/lib/chrome';

/** There is nothing at this address. */
export function Nothing() {
  const { texts } = useChrome();
  return (
    <div className="column page">
      <h1>{texts.notFound}</h1>
      <p className="lead">{texts.notFoundText}</p>
    </div>
  );
}

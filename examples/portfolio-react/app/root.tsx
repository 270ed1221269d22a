import { useEffect, type ReactNode } from 'react';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRevalidator } from 'react-router';

import { site } from './lib/api';
import { useChrome } from './lib/chrome';
import { everywhere } from './lib/fonts';
import { fresh } from './lib/fresh';
import type { Lang } from './lib/paths';
import './styles/fonts.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/lists.css';
import './styles/pages.css';
import './styles/prose.css';
import './styles/code.css';
import { Broken } from './ui/broken';
import { Footer } from './ui/footer';
import { Header } from './ui/header';
import type { Route } from './+types/root';

async function load() {
  return { site: await site() };
}

export const loader = load;
export const clientLoader = fresh(load);

export const links: Route.LinksFunction = () => [
  ...everywhere,
  { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' },
];

/** Feeds of one language, and of all. */
function Feeds({ lang, title }: { lang: Lang; title: string }) {
  return (
    <>
      <link rel="alternate" type="application/rss+xml" title={`${title} (${lang})`} href={`/feed.xml?lang=${lang}`} />
      <link rel="alternate" type="application/atom+xml" title={title} href="/atom.xml" />
      <link rel="alternate" type="application/feed+json" title={title} href="/feed.json" />
    </>
  );
}

export function Layout({ children }: { children: ReactNode }) {
  const { site: settings, lang, texts } = useChrome();
  return (
    // theme.js writes the chosen theme here before anything is drawn.
    <html lang={lang} suppressHydrationWarning>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="theme-color" content="#fbf8f2" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#16130f" media="(prefers-color-scheme: dark)" />
        {/* Nothing is drawn before the footer is reached: half a page would move while the rest comes. */}
        <link rel="expect" href="#footer" blocking="render" />
        <script src="/theme.js" />
        <Meta />
        {settings && <Feeds lang={lang} title={settings.title} />}
        <Links />
      </head>
      <body>
        <a className="skip" href="#content">
          {texts.skip}
        </a>
        <Header />
        <main id="content" tabIndex={-1}>
          {children}
        </main>
        <Footer />
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function App() {
  const { revalidate } = useRevalidator();
  // What was built may be older than what is published: ask once, when the page stands.
  useEffect(() => {
    void revalidate();
  }, [revalidate]);
  return <Outlet />;
}

export function HydrateFallback() {
  const { texts } = useChrome();
  return (
    <p className="waiting" role="status">
      {texts.loading} …
    </p>
  );
}

export function ErrorBoundary() {
  return <Broken />;
}

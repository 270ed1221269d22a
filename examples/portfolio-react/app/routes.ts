import { index, route, type RouteConfig } from '@react-router/dev/routes';

import { LANGUAGES } from './lib/paths';

// Lists exist in every language, below its prefix; `url_patterns` may put items there as well.
export default [
  index('routes/home.tsx'),
  ...LANGUAGES.map((lang) => route(lang, 'routes/home.tsx', { id: `home-${lang}` })),
  route(':lang?/articles', 'routes/articles.tsx'),
  route(':lang?/articles/page/:number', 'routes/articles.tsx', { id: 'articles-more' }),
  route(':lang?/articles/:slug', 'routes/article.tsx'),
  route(':lang?/tags', 'routes/tags.tsx'),
  route(':lang?/tags/:slug', 'routes/tag.tsx'),
  route(':lang?/series/:slug', 'routes/series.tsx'),
  route(':lang?/authors', 'routes/authors.tsx'),
  route(':lang?/authors/:slug', 'routes/author.tsx'),
  route(':lang?/projects', 'routes/projects.tsx'),
  route(':lang?/projects/:slug', 'routes/project.tsx'),
  route(':lang?/search', 'routes/search.tsx'),
  route(':lang?/contact', 'routes/contact.tsx'),
  route('preview', 'routes/preview.tsx'),
  route(':slug', 'routes/page.tsx'),
  route('*', 'routes/nothing.tsx'),
] satisfies RouteConfig;

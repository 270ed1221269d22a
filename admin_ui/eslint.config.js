import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Imports only go down: app > features (strangers to each other) > data | ui > api. */
const forbid = (files, forbidden, message) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: ['../*', ...forbidden], message }] }],
  },
});
const DOWN = 'Imports only go down: app > features > data, ui > api; within a folder use "./", else "~/".';
const FEATURES = [
  'account',
  'accounts',
  'articles',
  'audit',
  'contact',
  'editor',
  'home',
  'media',
  'pages',
  'palette',
  'profiles',
  'projects',
  'redirects',
  'session',
  'site',
  'tags',
  'tokens',
  'trash',
  'webhooks',
];

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/api', '*.tsbuildinfo'] },
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  hooks.configs.flat.recommended,
  a11y.flatConfigs.strict,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'jsx-a11y/no-autofocus': ['error', { ignoreNonDOM: true }],
      'max-lines': ['error', { max: 250 }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'HTML is shown in the sandboxed preview frame alone.',
        },
        {
          selector: "JSXOpeningElement[name.name='Modal']",
          message: 'Dialog of ~/ui/dialog is the same, and always gives the focus back.',
        },
        {
          selector: "CallExpression[callee.property.name='setQueryData']",
          message: 'remember of ~/data/remember also calls off the load that would undo it.',
        },
      ],
      eqeqeq: 'error',
      '@typescript-eslint/only-throw-error': [
        'error',
        { allow: [{ from: 'package', name: 'Redirect', package: '@tanstack/router-core' }] },
      ],
    },
  },
  forbid(['src/app/**'], [], DOWN),
  ...FEATURES.map((name) =>
    forbid(
      [`src/features/${name}/**`],
      ['~/app/*', ...FEATURES.filter((other) => other !== name).map((other) => `~/features/${other}/*`)],
      DOWN,
    ),
  ),
  forbid(['src/ui/**'], ['~/app/*', '~/features/*', '~/api*'], DOWN),
  forbid(['src/data/**'], ['~/app/*', '~/features/*', '~/ui/*'], DOWN),
  { files: ['src/ui/dialog.tsx', 'src/data/remember.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['src/**/*.test.ts'], rules: { 'max-lines': 'off', 'no-restricted-syntax': 'off', '@typescript-eslint/require-await': 'off' } },
  {
    files: ['*.js', 'scripts/*.mjs'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
);

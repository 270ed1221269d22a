import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Imports only go down: routes > ui > lib. */
const forbid = (files, group) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group, message: 'Imports only go down: routes > ui > lib.' }] }],
  },
});

export default ts.config(
  { ignores: ['build', 'node_modules', '.react-router'] },
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
      'max-lines': ['error', { max: 250 }],
      'no-console': 'error',
      eqeqeq: 'error',
      // A redirect is thrown; React Router's way.
      '@typescript-eslint/only-throw-error': ['error', { allow: [{ from: 'lib', name: 'Response' }] }],
    },
  },
  forbid(['app/ui/**'], ['~/routes/*', '../routes/*']),
  forbid(['app/lib/**'], ['~/routes/*', '~/ui/*', '../routes/*', '../ui/*']),
  {
    ignores: ['app/ui/prose.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'HTML of the CMS is shown by ui/prose.tsx alone.',
        },
      ],
    },
  },
  {
    files: ['*.js', 'scripts/*.mjs', 'public/*.js'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-console': 'off' },
  },
);

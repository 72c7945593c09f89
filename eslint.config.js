import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** node:test's functions return promises that the runner itself awaits. */
const testFunctions = ['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'];

const globalNames = (text) => Object.fromEntries(text.split(' ').map((name) => [name, 'readonly']));
const nodeGlobals = globalNames('Buffer URL console process clearInterval clearTimeout setInterval setTimeout');
const browserGlobals = globalNames(
  'AbortController CustomEvent DOMParser Element Event EventSource FormData HTMLElement Image IntersectionObserver Intl ' +
    'MutationObserver Node ResizeObserver URL URLSearchParams addEventListener atob cancelAnimationFrame clearInterval ' +
    'clearTimeout console customElements document fetch getComputedStyle history htmx localStorage location matchMedia ' +
    'navigator performance queueMicrotask removeEventListener requestAnimationFrame scrollTo sessionStorage setInterval ' +
    'setTimeout window',
);

export default defineConfig(
  { ignores: ['dist/', '.tools/', 'node_modules/'] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: testFunctions }] },
      ],
      // Fastify and Preact take async functions where nothing waits for their result but themselves.
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, arguments: false } },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
    },
  },
  { files: ['scripts/**/*.mjs', '*.js', '*.cjs'], languageOptions: { globals: nodeGlobals } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  { files: ['web/assets/**/*.js'], languageOptions: { globals: browserGlobals } },
);

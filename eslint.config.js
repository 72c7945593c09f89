import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** node:test's functions return promises that the runner itself awaits. */
const testFunctions = ['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'];

const globalNames = (text) => Object.fromEntries(text.split(' ').map((name) => [name, 'readonly']));
const nodeGlobals = globalNames(
  'AbortSignal Buffer URL URLSearchParams clearInterval clearTimeout console fetch performance process setInterval setTimeout',
);
const browserGlobals = globalNames(
  'AbortController CustomEvent DOMParser Element Event EventSource FormData HTMLElement Image IntersectionObserver Intl ' +
    'MutationObserver Node ResizeObserver URL URLSearchParams addEventListener atob cancelAnimationFrame clearInterval ' +
    'clearTimeout console customElements document fetch getComputedStyle history htmx innerHeight innerWidth localStorage ' +
    'location matchMedia navigator performance queueMicrotask removeEventListener requestAnimationFrame scrollTo sessionStorage setInterval ' +
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
      // `void` as a type of what is thrown away, and before a call that returns it, says what is meant.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
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
  // A test that asserts too much fails, which is what it is for.
  { files: ['**/*.test.{ts,tsx}'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['scripts/**/*.mjs', '*.js', '*.cjs'], languageOptions: { globals: nodeGlobals } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  { files: ['web/assets/**/*.js'], languageOptions: { globals: browserGlobals } },
);

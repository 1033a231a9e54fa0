import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { dependencyDirection } from './tools/eslint/dependency-direction.js'
import { fileLength } from './tools/eslint/file-length.js'

const TYPESCRIPT = ['**/*.ts']
const PRODUCT = ['src/**/*.ts', 'plugins/**/*.ts']
const TESTS = ['test/**/*.ts', 'plugins/*/test/**/*.ts']
const SCRIPTS = ['**/*.js', '**/*.mjs']

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a default export has as many names as importers.',
}

const readonly = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']))

export default defineConfig(
  { ignores: ['dist/', 'build/', 'node_modules/', '.tap/', 'plugins/*/test/consumer/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // An element of a typed array at an index known to be inside it: the type system has no word for that.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Operators, passes and targets are objects of functions: none of them has a `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // Environment variables and other index signatures are read in brackets.
      '@typescript-eslint/dot-notation': 'off',
      'no-restricted-syntax': ['error', noDefaultExport],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: PRODUCT,
    plugins: { eonc: { rules: { 'dependency-direction': dependencyDirection, 'file-length': fileLength } } },
    rules: {
      'eonc/dependency-direction': 'error',
      'eonc/file-length': ['warn', 350],
      'max-lines': ['error', 400],
    },
  },
  {
    files: TESTS,
    rules: {
      // A test of tap is an asynchronous function whether it awaits or not, and tap itself waits for subtests.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
    },
  },
  {
    files: SCRIPTS,
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
    rules: {
      eqeqeq: 'error',
      'no-undef': 'error',
      'no-unused-vars': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['plugins/wasm/runtime/*.js'],
    languageOptions: { globals: readonly('WebAssembly', 'Response') },
  },
  {
    // stands in one script with the runtime, the models' facts and their modules
    files: ['plugins/wasm/runtime/demo.js'],
    languageOptions: {
      globals: {
        ...readonly('document', 'performance', 'getComputedStyle', 'createImageBitmap', 'atob', 'ImageData', 'Option'),
        ...readonly('ARRAYS', 'LIMITS', 'hasSimd', 'labelOf', 'loadModels', 'models', 'modules'),
      },
    },
  },
  {
    files: SCRIPTS,
    ignores: ['*.config.js'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport] },
  },
)

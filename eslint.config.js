import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['dist/', 'node_modules/'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.config.js'] } } } },
  {
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
    },
  },
  { files: ['*.config.js'], extends: [tseslint.configs.disableTypeChecked] },
  {
    // Who may import which of our own files: dependency-cruiser.config.js.
    files: ['src/**/*.ts', 'workers/*.ts', 'stress/**/*.ts', 'test/conformance/**/*.ts'],
    ignores: ['src/kernel/**', 'src/bitness/**', 'stress/bench/bare-koffi.ts', 'stress/bench/native-locks.ts', 'stress/peers/transports/client.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [{ name: 'koffi', message: 'System calls are made by src/kernel and src/bitness alone.' }] }] },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: 'VariableDeclaration[kind=/using$/]', message: 'A context of node:vm may have no Symbol.dispose: see src/dispose.ts.' }] },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...[
        ['Buffer', 'node:buffer'], ['URL', 'node:url'], ['TextEncoder', 'node:util'], ['TextDecoder', 'node:util'], ['performance', 'node:perf_hooks'],
        ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'].map(name => [name, 'node:timers']),
      ].map(([name, module]) => ({ name, message: `A realm may have none, or an imitation: import it from ${module}.` })), {
        name: 'queueMicrotask', message: 'Test frameworks replace it: use a promise.',
      }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/kernel/select.ts'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'platform', message: 'Only src/kernel/select.ts asks which platform it is.' }] },
  },
);

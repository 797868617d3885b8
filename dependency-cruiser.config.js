/**
 * The floors of the house: who may import what. Imports go down, and no files import each other in a circle, types included.
 *
 * Bottom to top: a folder may import those before it, and none after.
 */
const FLOORS = {
  'stress': [
    'util', 'linearizability', 'measure', 'peers', 'report', 'techniques', 'machine', 'runner', 'faults', 'scenarios', 'reporters', 'cli', 'bench', 'package', 'checkout',
  ],
  'src/kernel/linux': ['system', 'file', 'sleep', 'tables', 'objects'],
};

/** Beside one another on one floor: neither may import the other. */
const APART = [['stress/faults', 'stress/scenarios'], ['src/kernel/linux', 'src/kernel/win32']];

/** Who imports what nobody of theirs may, in regular expressions of paths. */
const NEVER = [
  { name: 'contract-imports-nothing', from: '^src/contract\\.ts$', to: '.' },
  { name: 'objects-know-the-kernel-by-its-seam', from: '^src/[^/]+$', to: '^src/(?:bitness|memory|kernel/[^/]+)/' },
  { name: 'kernel-knows-nothing-above-it', from: '^src/kernel/', to: '^src/(?!kernel/)' },
  { name: 'only-select-knows-the-kernels', from: '^src/kernel/[^/]+$', except: '^src/kernel/select\\.ts$', to: '^src/kernel/[^/]+/' },
  { name: 'waits-know-the-kernel-by-its-seam', from: '^src/async/', to: '^src/(?:bitness|memory|kernel/[^/]+)/' },
  { name: 'bitness-knows-the-kernel-by-its-seam', from: '^src/bitness/', to: '^src/(?:async|kernel/[^/]+)/' },
  { name: 'memory-knows-no-waits-and-no-bitness', from: '^src/memory/', to: '^src/(?:async|bitness|kernel/[^/]+)/' },
  { name: 'library-knows-no-stress-and-no-tests', from: '^(?:src/|workers/wait-thread)', to: '^(?:stress|test)/' },
  { name: 'stress-knows-no-tests', from: '^(?:stress|workers)/', to: '^test/' },
  { name: 'public-api-alone', from: '^(?:stress/|workers/(?:contender|caller)\\.|test/conformance/)', to: '^src/' },
  { name: 'only-entry-points-know-what-is-built-in', from: '^stress/', except: '^stress/(?:index\\.ts$|built-in\\.ts$|cli/|checkout/)', to: '^stress/(?:index|built-in)\\.ts$' },
];

const floors = Object.entries(FLOORS).flatMap(([root, folders]) => folders.slice(0, -1).map((folder, index) => ({
  name: `${root}/${folder}-imports-no-higher-floor`,
  from: { path: `^${root}/${folder}/` },
  to: { path: `^${root}/(?:${folders.slice(index + 1).join('|')})/` },
})));

const apart = APART.flatMap(([one, other]) => [[one, other], [other, one]]).map(([from, to]) => ({
  name: `${from}-not-${to}`,
  from: { path: `^${from}/` },
  to: { path: `^${to}/` },
}));

/** A folder that stands nowhere is a mistake: otherwise it could import anything. */
const everyFolderHasItsFloor = Object.entries(FLOORS).map(([root, folders]) => ({
  name: `every-folder-of-${root}-has-its-floor`,
  from: { path: `^${root}/[^/]+/`, pathNot: `^${root}/(?:${folders.join('|')})/` },
  to: {},
}));

/** The files beside the folders of one floor are above them all. */
const noFolderImportsAFileBesideIt = Object.entries(FLOORS).map(([root, folders]) => ({
  name: `no-folder-of-${root}-imports-a-file-beside-it`,
  from: { path: `^${root}/(?:${folders.join('|')})/`, pathNot: '^stress/(?:cli|checkout)/' },
  to: { path: `^${root}/[^/]+$` },
}));

const noFilesBesideThem = {
  name: 'no-files-beside-the-folders-of-stress',
  from: { path: '^stress/[^/]+$', pathNot: '^stress/(?:index|built-in)\\.ts$' },
  to: {},
};

export default {
  forbidden: [
    { name: 'no-circles', from: {}, to: { circular: true } },
    ...floors,
    ...apart,
    ...everyFolderHasItsFloor,
    ...noFolderImportsAFileBesideIt,
    noFilesBesideThem,
    ...NEVER.map(({ name, from, except, to }) => ({ name, from: { path: from, ...except === undefined ? {} : { pathNot: except } }, to: { path: to } })),
  ].map(rule => ({ severity: 'error', ...rule })),
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // What is built comes from the same files.
    exclude: { path: '^dist/' },
  },
};

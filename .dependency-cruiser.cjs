// Who may import whom (the table in ARCHITECTURE.md), as rules. Types may cross where only types cross: they leave no trace at run time.
const electronOnly = '^(main/electron/|main/entry/electron\\.ts$|preload/bridge\\.ts$)';

/** Folders of main that a folder may not reach at run time. */
function never(name, from, to, more = {}) {
  return {
    name,
    severity: 'error',
    from: { path: from, ...more.from },
    to: { path: to, dependencyTypesNot: ['type-only'], ...more.to },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          '^main/entry/',
          '^renderer/client/schema-names\\.ts$',
          '\\.config\\.ts$',
          '^test/',
          '^main/vectors/kernel/kernel\\.ts$',
          '^preload/bridge\\.ts$',
        ],
      },
      to: {},
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-shipped-code',
      severity: 'error',
      from: {
        path: '^(main|preload|native-models|renderer)/',
        pathNot: ['^main/vectors/kernel/kernel\\.ts$', '^(renderer|preload)/vite\\.config\\.ts$'],
      },
      // Electron is a development dependency because the packager puts it beside the application, not into it.
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/(@types|electron)/',
      },
    },
    { name: 'nobody-imports-an-entry', severity: 'error', from: {}, to: { path: '^main/entry/' } },
    {
      name: 'electron-only-at-its-edge',
      severity: 'error',
      // The stand-in of the tests is of Electron's types.
      from: { pathNot: [electronOnly, '^test/helpers/fake-electron\\.ts$'] },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'contract-knows-only-zod',
      severity: 'error',
      from: { path: '^preload/contract/' },
      to: { pathNot: ['^preload/contract/', 'node_modules/zod/'] },
    },
    never('native-models-stands-alone', '^native-models/', '^(main|renderer|preload)/'),
    {
      name: 'onnxruntime-in-runtime-only',
      severity: 'error',
      from: { pathNot: ['^native-models/runtime/', '^test/'] },
      to: { path: 'node_modules/onnxruntime' },
    },
    {
      name: 'sharp-in-image-only',
      severity: 'error',
      from: { pathNot: ['^native-models/image/', '^test/'] },
      to: { path: 'node_modules/sharp/' },
    },
    {
      name: 'sqlite-in-store-only',
      severity: 'error',
      from: { pathNot: ['^main/store/', '^test/'] },
      to: { path: 'node_modules/better-sqlite3/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'hnswlib-in-one-place',
      severity: 'error',
      // Whoever loads it can be ended by it: only the search process does, behind one module's checks.
      from: { pathNot: ['^main/vectors/side-index/hnsw-graph\\.ts$', '^test/'] },
      to: { path: 'node_modules/hnswlib-node/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-knows-the-contract-and-svelte',
      severity: 'error',
      from: { path: '^renderer/', pathNot: ['^renderer/vite\\.config\\.ts$'] },
      to: { pathNot: ['^renderer/', '^preload/contract/', '^node_modules/svelte/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-imports-only-itself',
      severity: 'error',
      from: { path: '^renderer/ui/' },
      to: { pathNot: ['^renderer/ui/', '^node_modules/svelte/'] },
    },
    {
      name: 'grid-layout-is-pure',
      severity: 'error',
      from: { path: '^renderer/grid/[a-z-]+\\.ts$' },
      to: { pathNot: ['^renderer/grid/[a-z-]+\\.ts$', '^preload/contract/'], dependencyTypesNot: ['type-only'] },
    },
    never('platform-is-the-ground', '^main/platform/', '^(main/(?!platform/)|native-models/|renderer/)'),
    never('store-knows-only-platform', '^main/store/', '^(main/(?!(store|platform)/)|native-models/|renderer/)'),
    never(
      'watching-knows-only-platform',
      '^main/watching/',
      '^(main/(?!(watching|platform)/)|native-models/|renderer/)',
    ),
    never(
      'metadata-knows-only-platform',
      '^main/metadata/',
      '^(main/(?!(metadata|platform)/)|native-models/|renderer/)',
    ),
    never('vectors-know-only-platform', '^main/vectors/', '^(main/(?!(vectors|platform)/)|native-models/|renderer/)'),
    never(
      'library-db-joins-store-and-vectors',
      '^main/library-db/',
      '^(main/(?!(library-db|store|vectors|platform)/)|native-models/|renderer/)',
    ),
    never(
      'inference-knows-models-by-type',
      '^main/inference/',
      '^(main/(?!(inference|platform)/)|native-models/|renderer/)',
    ),
    never(
      'services-know-interfaces',
      '^main/services/',
      '^(main/(?!(services|platform)/)|native-models/|renderer/|node_modules/(ws|electron)/)',
    ),
    never('api-knows-services', '^main/api/', '^(main/(?!(api|services|platform)/)|native-models/|renderer/)'),
    never(
      'edges-know-the-api',
      '^main/(electron|web-host|cli)/',
      '^(main/(?!(electron|web-host|cli|api|platform)/)|native-models/|renderer/)',
    ),
    never('compose-knows-no-edge', '^main/compose\\.ts$', '^main/(electron|web-host|cli|entry)/'),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'main/tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(native-models/training|native-models/packs|test/fixtures)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte', '.mjs', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

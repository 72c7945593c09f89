/**
 * The rooms and what each may import: every import points down this list, and there are no circles.
 * What a room needs from npm is no business of this list, but for the rooms that must stay pure.
 */
const rooms = {
  cli: ['web', 'engine', 'workflows', 'activities', 'sorter', 'photos', 'faces', 'sql', 'model', 'config'],
  web: ['engine/client', 'sql', 'model', 'config'],
  engine: ['workflows', 'activities', 'sql', 'model', 'config'],
  workflows: ['model'],
  activities: ['photos', 'faces', 'sorter', 'sql', 'model', 'config'],
  sorter: ['photos', 'model'],
  photos: ['model'],
  faces: ['model'],
  sql: ['model'],
  model: [],
};

const files = {
  config: '^config\\.ts$',
  // Pages start and ask for jobs; how the house is run is no business of theirs.
  'engine/client': '^engine/client[^/]*(/|\\.tsx?$)',
};
const pattern = (name) => files[name] ?? `^${name}/`;
const everyRoom = [...Object.keys(rooms), 'config'].map(pattern);
const unitTests = '\\.test\\.tsx?$';

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, below]) => ({
      name: `${room}-points-down`,
      comment: `${room} may import ${below.join(', ') || 'no other room'}`,
      severity: 'error',
      from: { path: pattern(room) },
      to: {
        path: everyRoom,
        pathNot: [pattern(room), ...below.map(pattern), ...(room === 'workflows' ? [pattern('activities')] : [])],
      },
    })),
    {
      name: 'config-points-down',
      comment: 'config.ts may import model',
      severity: 'error',
      from: { path: pattern('config') },
      to: { path: everyRoom, pathNot: [pattern('model')] },
    },
    {
      name: 'nothing-needs-tests',
      comment: 'the product needs neither its tests nor its benchmarks; unit tests may use the helpers in tests/',
      severity: 'error',
      from: { pathNot: ['^(tests|bench)/', unitTests] },
      to: { path: '^(tests|bench)/' },
    },
    {
      name: 'workflows-know-only-types-of-activities',
      comment: 'a workflow asks for an activity by its name and type; its code runs in another process',
      severity: 'error',
      from: { path: pattern('workflows'), pathNot: unitTests },
      to: { path: pattern('activities'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-are-pure',
      comment: 'no I/O, no clock: nothing of Node',
      severity: 'error',
      from: { path: pattern('workflows'), pathNot: unitTests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-are-bundled',
      comment: 'of npm only what is made for the sandbox that workflows run in',
      severity: 'error',
      from: { path: pattern('workflows'), pathNot: unitTests },
      to: { path: 'node_modules/', pathNot: 'node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'no-circles',
      comment: 'two files that need each other are one idea, or hide a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-missing-file',
      comment: 'an import that leads nowhere would slip past the other rules; in a browser it is an address',
      severity: 'error',
      from: { pathNot: '^web/assets/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    exclude: { path: '^(dist|\\.tools)/' },
    doNotFollow: { path: 'node_modules' },
    // Imports of types alone point down as well.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};

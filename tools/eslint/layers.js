/**
 * Who may import whom: the data of the rule `eonc/dependency-direction`.
 *
 * The layers are the folders of `src/`. Data flows through the stages from left to right, so a stage may use what
 * stands left of it. A folder that is not listed is an error: give a new one its line here.
 */
const STAGES = ['tflite', 'passes', 'select', 'schedule', 'memory', 'packing', 'lower']

/** The foundation of every stage from the selection of kernels on: the graph, the operators, the stages before. */
function laterStage(name) {
  return ['ir', 'ops', ...STAGES.slice(0, STAGES.indexOf(name))]
}

/** For each layer the other layers that it may import. */
export const MAY_IMPORT = {
  ir: [],
  tflite: ['ir'],
  ops: ['ir'],
  passes: ['ir', 'ops'],
  select: laterStage('select'),
  schedule: laterStage('schedule'),
  memory: laterStage('memory'),
  packing: laterStage('packing'),
  lower: laterStage('lower'),
  codegen: ['ir', 'lower'],
  stack: ['ir'],
  measure: ['ir', 'codegen', 'stack', 'verify', 'src/compile.ts', 'src/plugin.ts'],
  report: ['ir', 'ops', 'schedule', 'memory', 'lower', 'codegen'],
  targets: ['ir', 'codegen', 'src/plugin.ts', 'src/manifest.ts'],
  output: ['src/plugin.ts', 'src/manifest.ts'],
  verify: ['ir', 'ops', 'codegen', 'targets', 'src/compile.ts', 'src/manifest.ts', 'src/plugin.ts'],
  cli: ['src/index.ts', 'src/plugin.ts'],
}

/** Packages that only some layers may import. `src` stands for the files right in `src/`, `plugins` for all targets. */
export const PACKAGES = {
  flatbuffers: ['tflite'],
  ejs: ['codegen', 'src', 'plugins'],
  commander: ['cli'],
  'cli-table3': ['cli'],
  picocolors: ['cli'],
}

/** The package as a plugin imports it, which is all of the compiler that a plugin may see. */
export const PUBLIC_PACKAGE = 'eonc'

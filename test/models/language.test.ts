import { join } from 'node:path'
import { projectRoot } from '../support/toolchain.js'
import { languageTests, sizeChecks } from './languages.js'
import { compileAll, foreignFiles, ownFiles, skipWithoutForeign, type Subject } from './subjects.js'

const WORK = join(projectRoot, 'build/test/models/language')

function cUse(subject: Subject): string {
  const { name } = subject
  return [
    ...sizeChecks(subject),
    `int use_${name}(void);`,
    `int use_${name}(void) {`,
    `  ${name}_reset(&${name}_memory);`,
    `  if (${name}_input(&${name}_memory, 0) == 0 || ${name}_output(&${name}_memory, 0) == 0) return 2;`,
    `  return ${name}_invoke(&${name}_memory) == ${name}_ok ? 0 : ${name}_error_argument;`,
    '}',
    '',
  ].join('\n')
}

languageTests('own models', await compileAll(ownFiles), cUse, false, join(WORK, 'own'))
languageTests('models of others', await compileAll(foreignFiles), cUse, skipWithoutForeign, join(WORK, 'foreign'))

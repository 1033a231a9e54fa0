#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { version } from '../index.js'
import { addBench } from './bench.js'
import { addCheck } from './check.js'
import { addCompile } from './compile.js'
import { addInspect } from './inspect.js'
import { addPlan } from './plan.js'
import { addStack } from './stack.js'
import { addTargets } from './targets.js'
import { addVerify } from './verify.js'
import { fail, USAGE_ERROR, UserError } from './terminal.js'

/** The command line: parses, and leaves the work to the library. */
async function program(args: readonly string[]): Promise<Command> {
  const eonc = new Command('eonc')
    .description('Compiles TensorFlow Lite models to C++ source for microcontrollers.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('Add --help for how to use it.')
    .exitOverride()
  await addCompile(eonc, args)
  addInspect(eonc)
  addPlan(eonc)
  addStack(eonc)
  addBench(eonc)
  addCheck(eonc)
  addTargets(eonc)
  addVerify(eonc)
  // subcommands do not inherit this one
  for (const command of eonc.commands) command.exitOverride().version(version, '-V, --version', 'print the version')
  return eonc
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // the reader of a pipe may leave when it has seen enough, as `head` does
  if (error.code !== 'EPIPE') fail(new UserError(`the standard output cannot be written: ${error.message}`))
  process.exit()
})

try {
  const eonc = await program(process.argv.slice(2))
  await eonc.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // help and version end here too, with status 0; without any command, help is shown and it is a wrong usage
    process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR
  } else {
    fail(error)
  }
}

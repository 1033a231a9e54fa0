import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type OracleJob, type OracleResult, runOracle as runJobs } from '../../src/verify/oracle.js'
import { projectRoot } from './toolchain.js'

export type { OracleJob, OracleResult, OracleTensor } from '../../src/verify/oracle.js'

/** The Python that has the oracle: `EONC_PYTHON`, else the one that `tools/setup.sh` made in `build/python`. */
export function oraclePython(): string {
  return process.env['EONC_PYTHON'] ?? join(projectRoot, 'build/python/bin/python3')
}

/**
 * Whether the oracle can be run here. A test that needs it is skipped where it is not.
 * @throws Error when it is missing in CI (environment variable CI set), where nothing may be skipped.
 */
export function oracleAvailable(): boolean {
  const python = oraclePython()
  if (existsSync(python)) return true
  if (process.env['CI']) throw new Error(`no oracle at ${python}, and CI skips no test: run tools/setup.sh`)
  return false
}

/** The value of tap's `skip` option for a test that needs the oracle. Throws in CI where it is missing. */
export function skipWithoutOracle(): string | false {
  return !oracleAvailable() && 'the oracle is not installed: run tools/setup.sh'
}

/** `runOracle` of `src/verify/oracle.ts`, in the Python of the tests. */
export function runOracle(jobs: readonly OracleJob[], workDir: string): Promise<readonly OracleResult[]> {
  return runJobs(oraclePython(), jobs, workDir)
}

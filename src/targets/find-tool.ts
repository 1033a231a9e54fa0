import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Endings of programs, which only Windows has. */
const ENDINGS = process.platform === 'win32' ? (process.env['PATHEXT'] ?? '.EXE;.CMD;.BAT').split(';') : ['']

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Full path of a program on PATH; undefined when there is none. */
export function findTool(command: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.flatMap((folder) => ENDINGS.map((ending) => join(folder, command + ending))).find(isProgram)
}

import { readFileSync } from 'node:fs'

function packageVersion(): string {
  // one level up from `src`, two from `dist/src`
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version)
    } catch {
      // look one level higher
    }
  }
  return 'unknown'
}

/** Version of eonc, as in its package.json. */
export const version: string = packageVersion()

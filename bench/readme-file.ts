import { readFile, writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'

const begin = '<!-- bench:begin -->'
const end = '<!-- bench:end -->'

/**
 * Replaces what stands between the markers of a Markdown file, and formats it as all files of the project are.
 * @throws Error when the file has not one pair of markers
 */
export async function rewriteReadme(path: string, contents: string): Promise<void> {
  const text = betweenMarkers(await readFile(path, 'utf8'), contents)
  await writeFile(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }))
}

function betweenMarkers(text: string, contents: string): string {
  const [before, after] = [text.split(begin), text.split(end)]
  if (before.length !== 2 || after.length !== 2 || text.indexOf(begin) > text.indexOf(end))
    throw new Error(`the README has not one ${begin} with one ${end} behind it`)
  return `${before[0] ?? ''}${begin}\n\n${contents.trim()}\n\n${end}${after[1] ?? ''}`
}

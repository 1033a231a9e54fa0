import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { rewriteReadme } from '../../bench/readme-file.js'
import { projectRoot } from '../support/toolchain.js'

const folder = join(projectRoot, 'build', 'test', 'readme')
const path = join(folder, 'README.md')
const begin = '<!-- bench:begin -->'
const end = '<!-- bench:end -->'

async function rewritten(text: string, contents: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await writeFile(path, text)
  await rewriteReadme(path, contents)
  return readFile(path, 'utf8')
}

t.test('what stands between the markers is replaced, the rest stays', async (t) => {
  const text = await rewritten(
    `# eonc\n\n${begin}\n\nold\n\n${end}\n\nMore.\n`,
    '| a | b |\n| --- | ---: |\n| 1 | 20 |',
  )
  t.equal(text, `# eonc\n\n${begin}\n\n| a   |   b |\n| --- | --: |\n| 1   |  20 |\n\n${end}\n\nMore.\n`)
  t.equal(await rewritten(text, '| a | b |\n| --- | ---: |\n| 1 | 20 |'), text, 'and twice gives the same')
})

t.test('a text without one pair of markers is refused and stays', async (t) => {
  for (const text of ['none', begin, `${end} ${begin}`, `${begin} ${end} ${begin} ${end}`]) {
    await t.rejects(rewritten(text, 'new'), /has not one <!-- bench:begin -->/)
    t.equal(await readFile(path, 'utf8'), text)
  }
})

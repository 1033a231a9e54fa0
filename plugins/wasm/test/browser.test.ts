/** The package and its demo page in Chromium, against the oracle. Screenshots are kept in `build/browser`. */
import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import t from 'tap'
import { emptyFolder } from '../../../test/support/folders.js'
import { goldenVectors } from '../../../test/support/golden.js'
import { activation } from '../../../test/support/layers.js'
import { writeModel } from '../../../test/support/model-writer.js'
import { ownModels } from '../../../test/support/models.js'
import { projectRoot, skipWithout } from '../../../test/support/toolchain.js'
import { SCREENSHOTS, serve, startBrowser, watch } from './browser.js'
import { emitPackage, TOOLS } from './wasm-package.js'

const skip = skipWithout(...TOOLS, 'chromium')
const WORK = await emptyFolder('wasm-browser')

const fileOf = (name: string) => {
  const model = ownModels().find((each) => each.name === name)
  if (model === undefined) throw new Error(`there is ${name}`)
  return model
}
const vectorsOf = async (name: string) =>
  (await goldenVectors(fileOf(name))).map(({ inputs, outputs }) => ({
    input: Array.from(new Int8Array(inputs[0] ?? [])),
    output: Array.from(new Int8Array(outputs[0] ?? [])),
  }))
const emit = (model: string, name: string) =>
  emitPackage(fileOf(model).path, name, WORK, [
    '--html',
    '--labels',
    join(projectRoot, 'models/labels', `${model}.txt`),
  ])

const keywords = await vectorsOf('keyword_cnn2d_int8')
const [first = { input: [], output: [] }] = keywords
const folders = skip === false ? [await emit('keyword_cnn2d_int8', 'keyword'), await emit('vision_int8', 'vision')] : []
const [keyword = '', vision = ''] = folders
const browser = skip === false ? await startBrowser() : undefined
t.teardown(() => browser?.close())

async function openPage(scheme: 'light' | 'dark' = 'light') {
  if (browser === undefined) throw new Error('there is a browser')
  const page = await browser.newPage({ viewport: { width: 1080, height: 720 }, colorScheme: scheme })
  return { page, log: watch(page) }
}

async function openDemo(folder: string, scheme: 'light' | 'dark' = 'light') {
  const address = pathToFileURL(join(folder, 'demo.html')).href
  const { page, log } = await openPage(scheme)
  await page.goto(address)
  await page.waitForSelector('html[data-ready]')
  return { page, log }
}

/** The elements of the first output that the page shows. */
const shownElements = async (page: Page): Promise<readonly number[]> =>
  ((await page.locator('.elements').first().textContent()) ?? '').split(', ').map(Number)

const setElements = async (page: Page, elements: readonly number[], kind: 'real' | 'quantized'): Promise<void> => {
  await page.fill('#data-0', elements.join(', '))
  await page.selectOption('#kind-0', kind)
}

/** Runs vectors on the package that a page imports, in the page. */
const runInPage = (options: string) => `import('./index.js').then(async ({ load, hasSimd }) => {
  const model = await load(${options})
  const outputs = ${JSON.stringify(keywords.map(({ input }) => input))}.map((input) => [...model.run(Int8Array.from(input)).data])
  return { outputs, simd: model.simd, hasSimd: hasSimd() }
})`

t.test('the package gives in a browser what the oracle gives', { skip }, async (t) => {
  await writeFile(join(keyword, 'empty.html'), '<!doctype html><link rel="icon" href="data:,"><title>test</title>')
  for (const asBytes of [false, true]) {
    const { url, server } = await serve(keyword, asBytes)
    const { page, log } = await openPage()
    await page.goto(`${url}/empty.html`)
    for (const simd of [true, false]) {
      const result = await page.evaluate(runInPage(`{ simd: ${simd} }`))
      t.same(result, { outputs: keywords.map(({ output }) => output), simd, hasSimd: true })
    }
    t.same(log.errors, [])
    const modules = log.requests.filter((request) => request.endsWith('.wasm'))
    t.same(modules, [`${url}/keyword_simd.wasm`, `${url}/keyword.wasm`], 'one module for each load')
    await page.close()
    server.close()
  }
})

t.test('a module that is not there is an error that says so', { skip }, async (t) => {
  const folder = await emitPackage(fileOf('vibration_int8').path, 'vibration', WORK)
  await writeFile(join(folder, 'empty.html'), '<!doctype html><link rel="icon" href="data:,"><title>test</title>')
  await rm(join(folder, 'vibration.wasm'))
  const { url, server } = await serve(folder)
  const { page } = await openPage()
  await page.goto(`${url}/empty.html`)
  const load = `import('./index.js').then(({ load }) => load({ simd: false })).catch((error) => error.message)`
  t.equal(await page.evaluate(load), `${url}/vibration.wasm cannot be loaded: status 404`)
  await page.close()
  server.close()
})

t.test('the page shows outputs, time and sizes, and asks for nothing', { skip }, async (t) => {
  const { page, log } = await openDemo(keyword)
  t.equal(await page.title(), 'keyword')
  for (const { input, output } of keywords) {
    await setElements(page, input, 'quantized')
    await page.click('#run')
    t.same(await shownElements(page), output)
  }
  t.match(await page.textContent('#time'), /^\d+(\.\d+)? ms, one run$/)
  const figures = await page.locator('#figures dd').allTextContents()
  const { size } = await stat(join(keyword, 'keyword_simd.wasm'))
  t.same(figures, [`${size.toLocaleString('en')} B`, '8,550 B', '4,408 B', '858,784'])

  const best = (keywords.at(-1)?.output ?? []).indexOf(Math.max(...(keywords.at(-1)?.output ?? [])))
  const names = await page.locator('.bar span').allTextContents()
  t.equal(names.length, 10)
  t.equal(await page.locator('.bar.best span').textContent(), names[best], 'the greatest one stands out')

  await page.selectOption('#module', 'plain')
  await setElements(page, first.input, 'quantized')
  await page.click('#measure')
  t.same(await shownElements(page), first.output, 'the plain module gives the same')
  t.match(await page.textContent('#time'), /^\d+(\.\d+)? ms, mean of [\d,]+ runs?$|one run$/)
  await page.screenshot({ path: join(SCREENSHOTS, 'keyword.png'), fullPage: true })
  t.same(log, { errors: [], requests: [pathToFileURL(join(keyword, 'demo.html')).href] })
  await page.close()
})

t.test('the page says what is wrong with an input, and goes on', { skip }, async (t) => {
  const { page, log } = await openDemo(keyword, 'dark')
  const alert = page.locator('#error')
  const expectError = async (message: RegExp): Promise<void> => {
    await page.click('#run')
    t.ok(await alert.isVisible())
    t.match(await alert.textContent(), message)
  }
  await expectError(/^input 0 is empty: it takes 1,176 elements \(int8\)$/)
  await page.fill('#data-0', '1, 2, 3')
  t.equal(await page.textContent('#count-0'), '3 of 1,176 numbers')
  await expectError(/^the input is int8 1x49x24x1: it takes 1176 elements, not 3$/)
  await page.fill('#data-0', '1, two, 3')
  await expectError(/^"two" is no number$/)
  await setElements(page, [...first.input.slice(1), 128], 'quantized')
  await expectError(/^128 is no int8: quantized elements are -128 to 127$/)
  await page.screenshot({ path: join(SCREENSHOTS, 'keyword-error.png'), fullPage: true })
  await setElements(page, first.input, 'quantized')
  await page.click('#run')
  t.notOk(await alert.isVisible(), 'the next one is right')
  t.same(await shownElements(page), first.output)
  t.same(log.errors, [])
  await page.close()
})

t.test('of several inputs the page says which one is wrong', { skip }, async (t) => {
  const sum = writeModel({
    tensors: [activation('a', [1, 2], 0.5, 3), activation('b', [1, 2], 0.25, -1), activation('y', [1, 2], 1, 0)],
    operators: [{ kind: 'ADD', inputs: [0, 1], outputs: [2], options: {} }],
    inputs: [0, 1],
    outputs: [2],
  })
  const { page, log } = await openDemo(await emitPackage(sum, 'sum', WORK, ['--html']))
  const expectError = async (second: string, message: string): Promise<void> => {
    await page.fill('#data-1', second)
    await page.click('#run')
    t.equal(await page.textContent('#error'), message)
  }
  await page.fill('#data-0', '1, 2')
  await expectError('1', 'input 1 ("b") is int8 1x2: it takes 2 elements, not 1')
  await expectError('1, x', 'input 1 ("b"): "x" is no number')
  await page.selectOption('#kind-1', 'quantized')
  await expectError('1, 200', 'input 1 ("b"): 200 is no int8: quantized elements are -128 to 127')
  await page.fill('#data-1', '3, 7')
  await page.click('#run')
  t.same(await shownElements(page), [2, 4], '1 + 1 and 2 + 2')
  t.same(log.errors, [])
  await page.close()
})

/** Drops a file that a script makes on the first input. */
const drop = (file: string) => `(async () => {
  const data = new DataTransfer()
  data.items.add(await (${file})())
  document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))
})()`

const imageFile = `async () => {
  const canvas = new OffscreenCanvas(8, 8)
  const context = canvas.getContext('2d')
  context.fillStyle = 'rgb(200, 100, 50)'
  context.fillRect(0, 0, 8, 8)
  return new File([await canvas.convertToBlob()], 'photo.png', { type: 'image/png' })
}`

t.test('files are dropped or chosen: raw bytes, numbers as text, images', { skip }, async (t) => {
  const { page, log } = await openDemo(keyword)
  await page.setInputFiles('#file-0', {
    name: 'input.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(Int8Array.from(first.input)),
  })
  await page.waitForFunction(`document.querySelector('#count-0').textContent.startsWith('1,176 of')`)
  await page.click('#run')
  t.same(await shownElements(page), first.output, 'raw bytes')

  const zeros = `async () => new File([JSON.stringify(new Array(49).fill(new Array(24).fill(0.5)))], 'a.json')`
  await page.evaluate(drop(zeros))
  await page.waitForFunction(`document.querySelector('#data-0').value.startsWith('0.5, 0.5')`)
  t.equal(await page.inputValue('#kind-0'), 'real')
  await page.evaluate(drop(`async () => new File(['abc'], 'a.bin')`))
  await page.waitForFunction(`!document.querySelector('#error').hidden`)
  t.equal(await page.textContent('#error'), 'a.bin has 3 bytes: the input takes 1,176')
  t.same(log.errors, [])
  await page.close()

  const photo = await openDemo(vision)
  await photo.page.evaluate(drop(imageFile))
  await photo.page.waitForFunction(`document.querySelector('#data-0').value !== ''`)
  const elements = (await photo.page.inputValue('#data-0')).split(', ').map(Number)
  const [color] = [elements.slice(0, 3)]
  const gray = Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50) - 128
  t.same(color, elements.length % 3 === 0 ? [72, -28, -78] : [gray, gray, gray])
  await photo.page.click('#random')
  await photo.page.click('#run')
  await photo.page.screenshot({ path: join(SCREENSHOTS, 'vision.png'), fullPage: true })
  t.same(photo.log.errors, [])
  await photo.page.close()
})

t.test('the screenshots are there', { skip }, async (t) => {
  for (const name of ['keyword', 'keyword-error', 'vision']) {
    t.ok((await stat(join(SCREENSHOTS, `${name}.png`))).size > 10_000, name)
  }
})

/* The demo page: data in, outputs, time and sizes out. `models` and `modules` come from the page, the rest from runtime.js. */

const $ = (id) => document.getElementById(id)
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
const grouped = (number) => number.toLocaleString('en')
const shapeText = ({ shape }) => (shape.length === 0 ? 'scalar' : shape.join(' × '))
const short = (value) => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))))

/** Bars are drawn for so many elements at most, a curve for more. */
const MOST_BARS = 24
/** How long the model runs to measure its time, in milliseconds. */
const MEASURE_MS = 500

/** What is on the page: the loaded models, the one that is shown, and for each of its inputs the quantized data, if any. */
const state = { loaded: [], model: undefined, raw: [] }

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

/** The numbers of a text: JSON, or numbers between commas, semicolons and white space. `what` begins a message. */
function parseNumbers(text, what = '') {
  const words = text.split(/[\s,;[\]()]+/).filter((word) => word !== '')
  return words.map((word) => {
    const number = Number(word)
    if (Number.isNaN(number) && !/^[+-]?nan$/i.test(word)) throw new TypeError(`${what}"${word}" is no number`)
    return number
  })
}

const quantized = (info) => info.scale !== undefined
const elementKind = (index) => document.querySelector(`#kind-${index}`)?.value ?? 'real'

/** What stands in the field of an input, as the model takes it. Messages name the input where there are several. */
function readInput(info, index) {
  const what = state.model.inputs.length === 1 ? '' : `input ${index} ("${info.name}"): `
  const numbers = parseNumbers($(`data-${index}`).value, what)
  if (numbers.length === 0 && info.elements > 0) throw new RangeError(`input ${index} is empty: ${needed(info)}`)
  if (!quantized(info) || elementKind(index) === 'real') return numbers
  const [least, most] = LIMITS[info.type]
  const bad = numbers.find((number) => !Number.isInteger(number) || number < least || number > most)
  if (bad !== undefined) {
    throw new RangeError(`${what}${bad} is no ${info.type}: quantized elements are ${least} to ${most}`)
  }
  return ARRAYS[info.type].from(numbers)
}

const needed = ({ elements, type }) => `it takes ${grouped(elements)} elements (${type})`

/** Writes elements to the field of an input. */
function writeInput(index, numbers, kind) {
  $(`data-${index}`).value = Array.from(numbers, short).join(', ')
  const choice = document.querySelector(`#kind-${index}`)
  if (choice !== null) choice.value = kind
  describeInput(index)
}

/** How many numbers there are, and a picture of them. */
function describeInput(index) {
  const info = state.model.inputs[index]
  const canvas = $(`picture-${index}`)
  try {
    const numbers = parseNumbers($(`data-${index}`).value)
    $(`count-${index}`).textContent = `${grouped(numbers.length)} of ${grouped(info.elements)} numbers`
    canvas.hidden = numbers.length !== info.elements || info.elements < 2
    if (!canvas.hidden) drawInput(canvas, info, numbers)
  } catch (error) {
    $(`count-${index}`).textContent = error.message
    canvas.hidden = true
  }
}

/** Height, width and channels of an image; undefined for what is none. */
function imageShape({ shape }) {
  const extents = shape.slice(0, -1).filter((extent) => extent > 1)
  const channels = shape.at(-1)
  if (shape.length >= 3 && extents.length === 2 && (channels === 1 || channels === 3)) return [...extents, channels]
  const large = shape.filter((extent) => extent > 1)
  return large.length === 2 ? [...large, 1] : undefined
}

/** An image as one, everything else as a curve. */
function drawInput(canvas, info, numbers) {
  const shape = imageShape(info)
  if (shape === undefined) return drawCurve(canvas, numbers)
  const [height, width, channels] = shape
  const least = Math.min(...numbers)
  const range = Math.max(...numbers) - least || 1
  const image = new ImageData(width, height)
  for (let pixel = 0; pixel < width * height; ++pixel) {
    for (let channel = 0; channel < 3; ++channel) {
      const value = numbers[pixel * channels + (channels === 3 ? channel : 0)]
      image.data[pixel * 4 + channel] = (255 * (value - least)) / range
    }
    image.data[pixel * 4 + 3] = 255
  }
  canvas.width = width
  canvas.height = height
  canvas.style.width = `${width * Math.min(12, 360 / width, 240 / height)}px`
  canvas.getContext('2d').putImageData(image, 0, 0)
}

function drawCurve(canvas, numbers) {
  const [width, height, edge] = [720, 180, 8]
  canvas.width = width
  canvas.height = height
  canvas.style.width = '100%'
  const least = Math.min(...numbers)
  const range = Math.max(...numbers) - least || 1
  const context = canvas.getContext('2d')
  context.strokeStyle = getComputedStyle(document.body).getPropertyValue('--accent')
  context.lineWidth = 2
  context.beginPath()
  numbers.forEach((value, index) => {
    const x = edge + ((width - 2 * edge) * index) / Math.max(1, numbers.length - 1)
    context.lineTo(x, height - edge - ((height - 2 * edge) * (value - least)) / range)
  })
  context.stroke()
}

/** Pixels from 0 to 255 as elements: quantized ones from the least to the greatest, float32 from 0 to 1. */
async function imageElements(file, info) {
  const shape = imageShape(info)
  if (shape === undefined) throw new TypeError(`${file.name} is an image, and the input is none: ${shapeText(info)}`)
  const [height, width, channels] = shape
  const canvas = element('canvas', { width, height })
  const context = canvas.getContext('2d')
  context.drawImage(await createImageBitmap(file), 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  const pixels = Array.from({ length: width * height * channels }, (_, index) => {
    const at = Math.floor(index / channels) * 4
    if (channels === 3) return data[at + (index % 3)]
    return Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2])
  })
  if (info.type === 'float32') return { numbers: pixels.map((pixel) => pixel / 255), kind: 'real' }
  const least = quantized(info) && info.type === 'int8' ? -128 : 0
  return { numbers: pixels.map((pixel) => pixel + least), kind: 'quantized' }
}

/** A file as elements: an image, text with numbers, or the raw bytes of the tensor. */
async function fileElements(file, info) {
  if (file.type.startsWith('image/')) return imageElements(file, info)
  if (/\.(json|csv|tsv|txt)$/i.test(file.name) || file.type.startsWith('text/')) {
    return { numbers: parseNumbers(await file.text()), kind: 'real' }
  }
  const own = ARRAYS[info.type]
  const buffer = await file.arrayBuffer()
  const bytes = info.elements * own.BYTES_PER_ELEMENT
  if (buffer.byteLength !== bytes) {
    throw new RangeError(`${file.name} has ${grouped(buffer.byteLength)} bytes: the input takes ${grouped(bytes)}`)
  }
  return { numbers: new own(buffer), kind: 'quantized' }
}

function showError(error) {
  $('error').hidden = error === undefined
  $('error').textContent = error === undefined ? '' : error.message
}

/** Does something, and shows what goes wrong. */
async function attempt(work) {
  try {
    await work()
    showError()
  } catch (error) {
    showError(error)
  }
}

/** The field, the drop zone and the picture of an input. */
function inputView(info, index) {
  const field = element('textarea', {
    id: `data-${index}`,
    spellcheck: false,
    placeholder: `${grouped(info.elements)} numbers, or drop a file: numbers as text, an image, raw bytes`,
    oninput: () => describeInput(index),
  })
  field.setAttribute('aria-label', `Input ${index}`)
  const take = (file) =>
    attempt(async () => {
      const { numbers, kind } = await fileElements(file, info)
      writeInput(index, numbers, kind)
    })
  const picker = element('input', { type: 'file', hidden: true, onchange: () => take(picker.files[0]) })
  picker.id = `file-${index}`
  const link = element('a', { textContent: 'choose a file', onclick: () => picker.click() })
  const count = element('span', { id: `count-${index}` })
  const drop = element('div', { className: 'drop' }, field, element('div', { className: 'under' }, count, link, picker))
  drop.ondragover = (event) => {
    event.preventDefault()
    drop.classList.add('over')
  }
  drop.ondragleave = () => drop.classList.remove('over')
  drop.ondrop = (event) => {
    event.preventDefault()
    drop.classList.remove('over')
    const [file] = event.dataTransfer.files
    if (file !== undefined) take(file)
  }
  const kinds = element('select', { id: `kind-${index}` })
  kinds.append(new Option('real values', 'real'), new Option(`quantized (${info.type})`, 'quantized'))
  return element(
    'div',
    { className: 'input' },
    aboutTensor(info, quantized(info) ? kinds : undefined),
    drop,
    element('canvas', { id: `picture-${index}`, hidden: true }),
  )
}

function aboutTensor(info, choice) {
  const text = element('code', { textContent: `${info.type} ${shapeText(info)}` })
  return element('div', { className: 'about' }, element('span', { textContent: info.name }), choice ?? text)
}

/** Bars for few elements, a curve for many, one number by itself. */
function outputView(info, output, labels) {
  const values = Array.from(output.values)
  const view = element('div', { className: 'output' }, aboutTensor(info))
  if (values.length === 1) {
    view.append(element('div', { className: 'number', textContent: short(values[0]) }))
  } else if (values.length <= MOST_BARS) {
    view.append(element('div', { className: 'bars' }, ...bars(values, labels)))
  } else {
    const canvas = element('canvas')
    view.append(canvas)
    drawInput(canvas, info, values)
  }
  const list = element('pre', { className: 'elements', textContent: Array.from(output.data).join(', ') })
  const words = quantized(info)
    ? `${info.type} elements; real = ${info.scale} × (element − ${info.zeroPoint})`
    : 'elements'
  view.append(element('details', {}, element('summary', { textContent: words.replace('− -', '+ ') }), list))
  return view
}

function bars(values, labels) {
  const least = Math.min(0, ...values)
  const range = Math.max(...values) - least || 1
  const best = values.indexOf(Math.max(...values))
  return values.map((value, index) => {
    const bar = element('i')
    bar.style.setProperty('--share', `${(100 * (value - least)) / range}%`)
    const name = element('span', { textContent: labelOf(index, labels) })
    return element(
      'div',
      { className: index === best ? 'bar best' : 'bar' },
      name,
      bar,
      element('output', { textContent: short(value) }),
    )
  })
}

function showTime(milliseconds, runs) {
  const digits = milliseconds < 1 ? 3 : milliseconds < 100 ? 2 : 0
  const how = runs > 1 ? `mean of ${grouped(runs)} runs` : 'one run'
  $('time').replaceChildren(element('b', { textContent: `${milliseconds.toFixed(digits)} ms` }), `, ${how}`)
}

/** Runs the shown model on the fields, for `leastMs` at least; shows outputs and the time of a run. */
function runModel(leastMs) {
  const { model } = state
  const inputs = model.inputs.map(readInput)
  const given = inputs.length === 1 ? inputs[0] : inputs
  let result = model.run(given)
  let runs = 0
  const start = performance.now()
  let spent = 0
  do {
    result = model.run(given)
    ++runs
    spent = performance.now() - start
  } while (spent < leastMs)
  showTime(spent / runs, runs)
  const views = result.outputs.map((output, index) =>
    outputView(model.outputs[index], output, index === 0 ? model.labels : []),
  )
  $('outputs').replaceChildren(...views)
}

/** Any values that the inputs can have: the same ones each time that the page is loaded. */
function randomNumbers() {
  let seed = 1
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  state.model.inputs.forEach((info, index) => {
    const [least, most] = LIMITS[info.type] ?? [-1, 1]
    const integers = info.type !== 'float32'
    const range = most - least + (integers ? 1 : 0)
    const numbers = Array.from(
      { length: info.elements },
      () => least + (integers ? Math.floor(next() * range) : next() * range),
    )
    writeInput(index, numbers, 'quantized')
  })
}

function figure(name, value) {
  return element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: value }))
}

/** Shows a model: its figures and its inputs. */
function show(model) {
  state.model = model
  const { info, simd } = model
  $('name').textContent = model.name
  $('figures').replaceChildren(
    figure('module', `${grouped(bytesOf(modules[simd ? 'simd' : 'plain']).length)} B`),
    figure('weights', `${grouped(info.constantBytes)} B`),
    figure('memory', `${grouped(info.contextBytes)} B`),
    figure('multiplications', grouped(info.macs)),
  )
  $('outputs').replaceChildren(element('p', { className: 'hint', textContent: 'Run the model to see its outputs.' }))
  $('time').replaceChildren()
}

function showInputs() {
  $('inputs').replaceChildren(...state.model.inputs.map(inputView))
  state.model.inputs.forEach((_, index) => describeInput(index))
}

/** Loads the module that is chosen; data in the fields stay. */
async function load() {
  const name = $('module').value
  state.loaded = await loadModels(models, () => bytesOf(modules[name]), { simd: name === 'simd' })
  show(state.loaded[$('model').selectedIndex] ?? state.loaded[0])
}

if (!hasSimd()) {
  $('module').value = 'plain'
  $('module').options[0].disabled = true
}
$('model').append(...models.map(({ name }) => new Option(name)))
$('model-choice').hidden = models.length === 1
$('model').onchange = () => {
  show(state.loaded[$('model').selectedIndex])
  showInputs()
}
$('module').onchange = () => attempt(load)
$('run').onclick = () => attempt(() => runModel(0))
$('measure').onclick = () => attempt(() => runModel(MEASURE_MS))
$('random').onclick = () => attempt(randomNumbers)
$('zeros').onclick = () =>
  attempt(() =>
    state.model.inputs.forEach(({ elements }, index) => writeInput(index, new Array(elements).fill(0), 'real')),
  )
await attempt(load)
showInputs()
document.documentElement.dataset.ready = 'true'

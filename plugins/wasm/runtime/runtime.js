/**
 * Runs networks that eonc has compiled to WebAssembly: in browsers, in Node.js, and in workers. SPDX-License-Identifier: MIT-0
 *
 * A model is described by its facts (see `facts.js`); the module exports its functions and its memory.
 */

/** A module with one vector instruction, `i8x16.splat`: valid exactly where there is SIMD. */
const VECTOR_MODULE = [
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic number, version 1
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // types: () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // functions: one of that type
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b], // code: i8x16.splat(0)
]

/** Typed arrays by the type of a tensor's elements. */
const ARRAYS = {
  bool: Uint8Array,
  float32: Float32Array,
  int16: Int16Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
}

/** The least and the greatest element of integer types. */
const LIMITS = {
  bool: [0, 1],
  int16: [-32768, 32767],
  int32: [-2147483648, 2147483647],
  int8: [-128, 127],
  uint8: [0, 255],
}

/** Whether WebAssembly has 128-bit vectors here. */
function hasSimd() {
  return WebAssembly.validate(new Uint8Array(VECTOR_MODULE))
}

/** `float32 1x16`, for messages. */
function typeText({ type, shape }) {
  return `${type} ${shape.length === 0 ? 'scalar' : shape.join('x')}`
}

/** What a value is, for messages. */
function kindText(value) {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  return value.constructor?.name ?? 'object'
}

/** What can be given for an input, for messages. */
function acceptedText({ type, scale }) {
  const own = `${ARRAYS[type].name}`
  if (type === 'float32') return `${own}, Float64Array or an array of numbers`
  if (scale === undefined) return `${own} or an array of integers`
  return `${own} (quantized), or Float32Array, Float64Array or an array of numbers (real values)`
}

/** A real value as an element: rounded half away from zero in float32, as TensorFlow Lite's QUANTIZE does, and limited. */
function quantize(value, { type, scale, zeroPoint }) {
  const scaled = Math.fround(Math.fround(value) / Math.fround(scale))
  const [least, most] = LIMITS[type]
  return Math.min(most, Math.max(least, Math.sign(scaled) * Math.round(Math.abs(scaled)) + zeroPoint))
}

/** One number of a list as an element of the tensor. */
function elementOf(value, info, place) {
  if (typeof value !== 'number') throw new TypeError(`${place} is no number but ${kindText(value)}`)
  if (info.type === 'float32') return value
  if (Number.isNaN(value)) throw new RangeError(`${place} is NaN, which ${info.type} has not`)
  if (info.scale !== undefined) return quantize(value, info)
  const [least, most] = LIMITS[info.type]
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${place} is ${value}: ${info.type} has integers from ${least} to ${most}`)
  }
  return value
}

/**
 * Data as elements of a tensor: those of its own typed array as they are, numbers as real values.
 * `count` is how many there have to be; undefined for any number.
 */
function toElements(data, info, count, what) {
  const own = ARRAYS[info.type]
  const listed = Array.isArray(data) || data instanceof Float32Array || data instanceof Float64Array
  if (!(data instanceof own) && !listed) {
    throw new TypeError(`${what} is ${typeText(info)}: it takes ${acceptedText(info)}, not ${kindText(data)}`)
  }
  if (count !== undefined && data.length !== count) {
    throw new RangeError(`${what} is ${typeText(info)}: it takes ${count} elements, not ${data.length}`)
  }
  if (data instanceof own && info.type !== 'bool') return data
  return own.from(data, (value, index) => elementOf(value, info, `${what}: element ${index}`))
}

/** Elements of a tensor as real values. */
function toValues(elements, { scale, zeroPoint }) {
  if (scale === undefined) return Float32Array.from(elements)
  return Float32Array.from(elements, (element) => Math.fround(scale) * (element - zeroPoint))
}

/** Labels run along the last axis. */
function labelOf(index, labels) {
  return labels[index % labels.length] ?? String(index)
}

/** What an inference gives: copies of all outputs, and the first one once more by itself. */
function resultOf(outputs, labels) {
  const [first = { data: new Float32Array(0), values: new Float32Array(0) }] = outputs
  return {
    outputs,
    data: first.data,
    values: first.values,
    top(count = 5) {
      return Array.from(first.values, (value, index) => ({ index, label: labelOf(index, labels), value }))
        .sort((a, b) => b.value - a.value || a.index - b.index)
        .slice(0, count)
    },
  }
}

/** The functions and the memory of one model in a module. */
function functionsOf(exports, { prefix }) {
  const named = (name) => exports[prefix + name]
  return {
    memory: exports.memory,
    input: named('input'),
    output: named('output'),
    invoke: named('invoke'),
    push: named('push'),
    reset: named('reset'),
    unit: named('unit'),
  }
}

/** A model on its module. `fetcher.current` is what the module's import `get_data` asks, where the input is fetched. */
function createModel(facts, exports, fetcher, simd) {
  const { inputs, outputs, labels, units } = facts
  const module = functionsOf(exports, facts)
  const arrayAt = ({ type }, pointer, count) => new ARRAYS[type](module.memory.buffer, pointer, count)
  const inputName = (index) => (inputs.length === 1 ? 'the input' : `input ${index} ("${inputs[index].name}")`)

  const read = () =>
    resultOf(
      outputs.map((info, index) => {
        const data = arrayAt(info, module.output(index), info.elements).slice()
        return { name: info.name, shape: info.shape, data, values: toValues(data, info) }
      }),
      labels,
    )

  /** Elements of all inputs, in their order; a single one may be given without a list. */
  const elementsOf = (given) => {
    const list = inputs.length === 1 ? [given] : given
    if (!Array.isArray(list) || list.length !== inputs.length) {
      const found = Array.isArray(list) ? list.length : kindText(list)
      throw new TypeError(`the model takes a list of ${inputs.length} inputs, not ${found}`)
    }
    return inputs.map((info, index) => {
      if (index === units?.input && typeof list[index] === 'function' && fetcher !== undefined) return list[index]
      return toElements(list[index], info, info.elements, inputName(index))
    })
  }

  const write = (index, elements) => arrayAt(inputs[index], module.input(index), elements.length).set(elements)

  const check = (status) => {
    if (status !== 0) throw new Error(`the model ended with status ${status}`)
  }

  const describe = { name: facts.name, inputs, outputs, labels, info: facts.info, simd }

  if (facts.inputMode === 'callback') return { ...describe, run: fetching() }
  if (facts.inputMode === 'stream') return { ...describe, ...streaming() }
  return {
    ...describe,
    run(given) {
      elementsOf(given).forEach((elements, index) => write(index, elements))
      check(module.invoke())
      return read()
    },
  }

  /** `run` of a model that fetches its input: from a function, or from elements that are there. */
  function fetching() {
    const info = inputs[units.input]
    return (given) => {
      const elements = elementsOf(given)
      elements.forEach((each, index) => index !== units.input && write(index, each))
      const source = elements[units.input]
      const ask = typeof source === 'function' ? source : (offset, count) => source.subarray(offset, offset + count)
      let failure
      fetcher.current = (offset, count, pointer) => {
        try {
          const data = toElements(ask(offset, count), info, count, `what was fetched from element ${offset} on`)
          arrayAt(info, pointer, count).set(data)
          return 0
        } catch (error) {
          failure = { error }
          return 1
        }
      }
      try {
        const status = module.invoke()
        if (failure !== undefined) throw failure.error
        check(status)
      } finally {
        fetcher.current = undefined
      }
      return read()
    }
  }

  /** The functions of a model whose input is pushed, unit by unit. */
  function streaming() {
    const info = inputs[units.input]
    let received = 0
    const pushElements = (elements) => {
      const count = elements.length / units.elements
      if (received + count > units.count) {
        throw new RangeError(`${count} units are more than the ${units.count - received} that are still to come`)
      }
      for (let unit = 0; unit < count; ++unit) {
        const from = unit * units.elements
        arrayAt(info, module.unit(), units.elements).set(elements.subarray(from, from + units.elements))
        received = (received + 1) % units.count
        const status = module.push()
        if (received === 0) check(status)
      }
      return count > 0 && received === 0 ? read() : undefined
    }
    const reset = () => {
      received = 0
      module.reset()
    }
    return {
      reset,
      push(data) {
        const elements = toElements(data, info, undefined, 'what is pushed')
        if (elements.length % units.elements !== 0) {
          throw new RangeError(`what is pushed is ${elements.length} elements: no whole units of ${units.elements}`)
        }
        return pushElements(elements)
      },
      setInput(index, data) {
        const other = inputs[index]
        if (other === undefined || index === units.input) throw new RangeError(`no input ${index} can be set`)
        write(index, toElements(data, other, other.elements, inputName(index)))
      },
      run(given) {
        const all = elementsOf(given)
        reset()
        all.forEach((elements, index) => index !== units.input && write(index, elements))
        return pushElements(all[units.input])
      },
    }
  }
}

/** The compiled module of what `read` gave: bytes, a response, or a module. */
async function compileModule(source) {
  if (source instanceof WebAssembly.Module) return source
  if (typeof Response !== 'undefined' && source instanceof Response) {
    if (!source.ok) throw new Error(`${source.url} cannot be loaded: status ${source.status}`)
    return WebAssembly.compile(await source.arrayBuffer())
  }
  return WebAssembly.compile(source)
}

/**
 * All models of a module. `read` gives the plain or the SIMD module: bytes, a response, or a compiled one.
 * Each call makes an instance with memory of its own.
 */
async function loadModels(models, read, { simd, wasm } = {}) {
  const vectors = simd ?? hasSimd()
  if (vectors && !hasSimd()) throw new Error('simd: true was asked for, and there is no SIMD in WebAssembly here')
  const module = await compileModule(wasm ?? (await read(vectors)))
  const fetchers = models.map(({ inputMode }) => (inputMode === 'callback' ? {} : undefined))
  const imports = models.map(({ prefix }, index) => [
    `${prefix}get_data`,
    (offset, count, pointer) => fetchers[index].current(offset, count, pointer),
  ])
  const { exports } = await WebAssembly.instantiate(module, { eonc: Object.fromEntries(imports) })
  exports._initialize?.()
  return models.map((facts, index) => createModel(facts, exports, fetchers[index], vectors))
}

export { hasSimd, loadModels }

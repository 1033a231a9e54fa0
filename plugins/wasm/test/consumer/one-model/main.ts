import { type Class, hasSimd, load, type Model, type Result } from '@company/keyword'
import vectors from './vectors.json' with { type: 'json' }

declare const console: { log(text: string): void }

const model: Model = await load()
const plain = await load({ simd: false })
if (!hasSimd() || !model.simd || plain.simd) throw new Error('Node.js has vectors')

let name: 'keyword' = model.name
name = 'keyword'
const [first]: readonly Class[] = model.run(new Float32Array(1176)).top(1)
if (first === undefined || name !== 'keyword') throw new Error('there is a first class')

const equal = (result: Result, output: readonly number[]): boolean =>
  result.data.every((value, i) => value === output[i])
const count = (each: Model): number =>
  vectors.filter(({ input, output }) => equal(each.run(Int8Array.from(input)), output)).length
console.log(`${count(model)} vectors equal with vectors, ${count(plain)} without`)

export function mistakes(): void {
  // @ts-expect-error the input is no text
  model.run('data')
  // @ts-expect-error one input is no list of them
  model.run([new Int8Array(1176)])
  // @ts-expect-error another type of elements
  model.run(new Uint16Array(1176))
  // @ts-expect-error nothing is streamed
  model.push(new Int8Array(24))
  // @ts-expect-error the facts are not to be changed
  model.name = 'other'
  // @ts-expect-error no such option
  void load({ threads: 2 })
  const data: Int8Array = plain.run([1]).outputs[0].data
  // @ts-expect-error there is one output
  void plain.run([1]).outputs[1]
  void data
}

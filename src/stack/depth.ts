import type { Frame } from './call-graph-info.js'
import type { Disassembly } from './disassembly.js'
import type { Instruction } from './instruction.js'

/** The most stack that a call of a function takes. */
export interface Depth {
  /** Bytes at the deepest place, those of functions that are called by address left out. */
  readonly bytes: number
  /** The calls that lead there, and what each of the functions has on the stack then; their sum is `bytes`. */
  readonly path: readonly { readonly function: string; readonly bytes: number }[]
  /** Where a function is called by its address: what it needs comes on top of these bytes. */
  readonly callbacks: readonly { readonly function: string; readonly bytes: number }[]
  /** Why there is no bound; empty when there is one. */
  readonly unbounded: readonly string[]
}

/** A function by itself: what it has on the stack where it calls others. */
interface Body {
  readonly name: string
  readonly bytes: number
  /** Most bytes at a call, by the address called. */
  readonly calls: ReadonlyMap<number, number>
  /** Most bytes at a call by address; undefined when there is none. */
  readonly callback?: number
  readonly unbounded: readonly string[]
}

/** Kernels that call a function by an address that they are given, by parts of their names: none of the application's. */
const GIVEN = [
  { caller: '_armv6m_', callee: 'armv6m_scale_' },
  { caller: '_dsp_columns_row', callee: '_dsp_outputs_' },
] as const

/** A loop that moves the stack pointer comes by deeper each time: as often as this, and it has no bound. */
const MOST_VISITS = 100

/**
 * The most stack that functions of a linked program take: what each has on the stack at each of its calls, along all ways
 * through its instructions, added up over the call graph. What the compiler says of a frame counts where it is more.
 */
export function stackDepths(
  code: Disassembly,
  frames: ReadonlyMap<string, Frame>,
  functions: readonly string[],
): ReadonlyMap<string, Depth> {
  const known = new Map<number, Depth>()
  const walk = (entry: number, callers: readonly number[]): Depth => {
    const found = known.get(entry)
    if (found !== undefined) return found
    const body = bodyOf(code, frames, entry)
    if (callers.includes(entry)) {
      const circle = [...callers.slice(callers.indexOf(entry)), entry].map((address) => nameAt(code, frames, address))
      return { bytes: 0, path: [], callbacks: [], unbounded: [`recursion: ${circle.join(' calls ')}`] }
    }
    const callees = [...body.calls].map(([target, at]) => ({ at, depth: walk(target, [...callers, entry]) }))
    const depth = combined(body, callees)
    known.set(entry, depth)
    return depth
  }
  return new Map(
    functions.map((name) => {
      const entry = code.functions.get(name)
      if (entry === undefined) throw new RangeError(`the program has no function ${name}`)
      return [name, walk(entry, [])]
    }),
  )
}

/** A function with all that it calls. */
function combined(body: Body, callees: readonly { readonly at: number; readonly depth: Depth }[]): Depth {
  const { name } = body
  let deepest = { bytes: body.bytes, path: [{ function: name, bytes: body.bytes }] as Depth['path'] }
  for (const { at, depth } of callees) {
    if (at + depth.bytes > deepest.bytes)
      deepest = { bytes: at + depth.bytes, path: [{ function: name, bytes: at }, ...depth.path] }
  }
  const callbacks = new Map<string, number>()
  const called = [
    ...(body.callback === undefined ? [] : [{ function: name, bytes: body.callback }]),
    ...callees.flatMap(({ at, depth }) => depth.callbacks.map((each) => ({ ...each, bytes: at + each.bytes }))),
  ]
  for (const each of called) callbacks.set(each.function, Math.max(each.bytes, callbacks.get(each.function) ?? 0))
  return {
    ...deepest,
    callbacks: [...callbacks].map(([from, bytes]) => ({ function: from, bytes })),
    unbounded: [...new Set([...body.unbounded, ...callees.flatMap(({ depth }) => depth.unbounded)])],
  }
}

function nameAt({ labels }: Disassembly, frames: ReadonlyMap<string, Frame>, address: number): string {
  const name = labels.findLast((label) => label.address <= address)?.name ?? address.toString(16)
  return frames.get(name)?.name ?? name
}

/** Follows all ways through a function's instructions. */
function bodyOf(code: Disassembly, frames: ReadonlyMap<string, Frame>, entry: number): Body {
  const label = code.labels.findLast(({ address }) => address <= entry)
  const frame = label?.address === entry ? frames.get(label.name) : undefined
  const walk = new BodyWalk(code, entry, frame)
  walk.run()
  const { most, callback, unbounded } = walk
  const given = callback === undefined ? undefined : GIVEN.find(({ caller }) => label?.name.includes(caller))
  const name = nameAt(code, frames, entry)
  const dynamic = frame?.bounded === false ? [`${name} takes stack by a size that is known at run time only`] : []
  return {
    name,
    bytes: Math.max(most, frame?.bytes ?? 0),
    calls: given ? new Map([...walk.calls, ...callsOf(given.callee, code, callback ?? 0)]) : walk.calls,
    ...(callback !== undefined && !given && { callback }),
    unbounded: [...dynamic, ...[...unbounded].map((reason) => `${name} ${reason}`)],
  }
}

/** All functions with this part of a name, called where `depth` bytes are on the stack. */
const callsOf = (part: string, { functions }: Disassembly, depth: number): readonly (readonly [number, number])[] =>
  [...functions].flatMap(([name, entry]) => (name.includes(part) ? [[entry, depth] as const] : []))

class BodyWalk {
  most = 0
  callback: number | undefined
  readonly calls = new Map<number, number>()
  readonly unbounded = new Set<string>()
  private readonly seen = new Map<number, { readonly depth: number; readonly visits: number }>()
  private readonly waiting: { readonly address: number; readonly depth: number }[] = []
  private readonly addresses: readonly number[]
  /** Bytes at a jump whose places are computed. */
  private atTable: number | undefined
  private readonly starts: ReadonlySet<number>

  constructor(
    private readonly code: Disassembly,
    private readonly entry: number,
    private readonly frame: Frame | undefined,
  ) {
    this.starts = new Set(code.functions.values())
    const end = code.labels.find(({ address }) => address > entry)?.address ?? Infinity
    this.addresses = [...code.instructions.keys()].filter((address) => address >= entry && address < end)
  }

  run(): void {
    this.reach(this.entry, 0)
    this.drain()
    // what nothing else leads to is where the computed jumps go
    for (let places = 0; this.atTable !== undefined; places += 1) {
      const unreached = this.addresses.find((address) => !this.seen.has(address))
      if (unreached === undefined) {
        if (places === 0) this.unbounded.add('jumps to a place that is not known')
        return
      }
      this.reach(unreached, this.atTable)
      this.drain()
    }
  }

  private drain(): void {
    for (let place = this.waiting.pop(); place !== undefined; place = this.waiting.pop())
      this.step(place.address, place.depth)
  }

  private reach(address: number, depth: number): void {
    // into another function: a call that does not come back
    if (address !== this.entry && this.starts.has(address)) return this.call(address, depth)
    const { depth: before = -1, visits = 0 } = this.seen.get(address) ?? {}
    if (depth <= before) return
    if (visits > MOST_VISITS) {
      this.unbounded.add('takes more stack in each round of a loop')
      return
    }
    this.seen.set(address, { depth, visits: visits + 1 })
    this.waiting.push({ address, depth })
  }

  private call(target: number, depth: number): void {
    this.calls.set(target, Math.max(depth, this.calls.get(target) ?? 0))
  }

  private step(address: number, before: number): void {
    const instruction = this.code.instructions.get(address)
    if (instruction === undefined) return
    const depth = this.after(instruction, before)
    this.most = Math.max(this.most, depth)
    const { goes, target, conditional = false } = instruction
    if (target !== undefined && goes === 'call') this.call(target, depth)
    else if (target !== undefined && goes === 'table') this.call(target, depth)
    else if (target !== undefined) this.reach(target, depth)
    if (goes === 'table') this.atTable = Math.max(depth, this.atTable ?? 0)
    if (goes === 'indirect-call' || goes === 'indirect-end') this.callback = Math.max(depth, this.callback ?? 0)
    const behind = this.behind(address)
    if (conditional) this.reach(behind, before)
    else if (['next', 'branch', 'call', 'indirect-call'].includes(goes)) this.reach(behind, depth)
  }

  private after({ pushes }: Instruction, before: number): number {
    if (pushes !== 'unknown') return before + pushes
    // a frame of a known size is not left, by whatever instructions it is made
    if (this.frame?.bounded === true) return Math.max(before, this.frame.bytes)
    this.unbounded.add('moves the stack pointer by a value that is known at run time only')
    return before
  }

  /** The instruction behind another: Thumb code has instructions of two and of four bytes. */
  private behind(address: number): number {
    return this.code.instructions.has(address + 2) ? address + 2 : address + 4
  }
}

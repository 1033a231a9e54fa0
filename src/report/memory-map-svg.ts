import type { MapBuffer, MapSpan, MapStage, MemoryMap } from './memory-map.js'
import type { BufferKind } from './plan-report.js'
import { shortName } from './short-name.js'
import { BASELINE, decimal, element, fitted, label, line, upright, xmlText } from './svg-elements.js'

const LEFT = 84
const RIGHT = 110
const TOP = 100
const PLOT_HEIGHT = 420
const MIN_PLOT_WIDTH = 1000
/** Width of a stage of no length, so that there is space for its name. */
const MIN_STAGE_WIDTH = 15
/** A typical letter at 11 pixels. */
const LETTER = 6.2
const LINE = 13
/** A name of fewer letters says nothing. */
const MIN_LETTERS = 8

const KINDS: readonly { readonly kind: BufferKind; readonly light: string; readonly dark: string }[] = [
  { kind: 'input', light: '#8fbbe8', dark: '#2e6096' },
  { kind: 'output', light: '#8fd19e', dark: '#2d7443' },
  { kind: 'tensor', light: '#d3cfc6', dark: '#615d55' },
  { kind: 'ring', light: '#f4ba75', dark: '#8d5a18' },
  { kind: 'accumulators', light: '#caabe2', dark: '#6d468e' },
  { kind: 'scratch', light: '#e8a8b0', dark: '#8e3f4b' },
]

const STYLE = `
text { font: 11px system-ui, "DejaVu Sans", sans-serif; fill: #222 }
.title { font-size: 16px; font-weight: 600 }
.faint { fill: #666 }
.back { fill: #fff }
.grid { stroke: #ddd }
.stage { stroke: #aaa; stroke-dasharray: 2 3 }
.axis { stroke: #444 }
.bound { stroke: #b3261e; stroke-dasharray: 6 4 }
.arena { stroke: #222; stroke-width: 1.5 }
.peak { stroke: #b3261e; stroke-dasharray: 1 3 }
.b { stroke: #fff; stroke-width: 0.8 }
${KINDS.map(({ kind, light }) => `.${kind} { fill: ${light} }`).join('\n')}
@media (prefers-color-scheme: dark) {
text { fill: #eee }
.faint { fill: #aaa }
.back { fill: #16181c }
.grid { stroke: #333 }
.stage { stroke: #555 }
.axis { stroke: #bbb }
.arena { stroke: #eee }
.bound, .peak { stroke: #ff8a80 }
.b { stroke: #16181c }
${KINDS.map(({ kind, dark }) => `.${kind} { fill: ${dark} }`).join('\n')}
}
`

/** Where columns and bytes lie on the drawing. */
interface Scale {
  readonly width: number
  x(column: number): number
  y(bytes: number): number
}

const grouped = (value: number): string => value.toLocaleString('en-US')

/** Stages are as wide as they have columns, and a bit more, so that short ones can be seen. */
function scaleOf({ columns, stages, arenaBytes }: MemoryMap): Scale {
  const parts = [{ from: 0, to: 1 }, ...stages, { from: columns - 1, to: columns }]
  const width = Math.max(MIN_PLOT_WIDTH, MIN_STAGE_WIDTH * parts.length * 1.25)
  const perColumn = (width - MIN_STAGE_WIDTH * parts.length) / columns
  const edges = [LEFT]
  for (const { from, to } of parts)
    for (let column = from; column < to; column += 1)
      edges.push((edges[column] ?? LEFT) + MIN_STAGE_WIDTH / (to - from) + perColumn)
  return {
    width,
    x: (column) => edges[column] ?? LEFT + width,
    y: (bytes) => TOP + PLOT_HEIGHT * (1 - bytes / Math.max(1, arenaBytes)),
  }
}

/** What a buffer is called in a space of so many letters: with as much of its name as says anything, or not at all. */
function bufferLabel(name: string, bytes: number, letters: number): string {
  const size = grouped(bytes)
  const left = letters - size.length - 1
  if (left >= Math.min(MIN_LETTERS, name.length)) return `${fitted(name, left)} ${size}`
  return size.length <= letters ? size : ''
}

/** The outline of spans that follow each other: along their upper edges, and back along the lower ones. */
function outline(spans: readonly MapSpan[], { x, y }: Scale): string {
  const forth = spans.map(({ to, high }) => `V${decimal(y(high))}H${decimal(x(to))}`)
  const back = [...spans].reverse().map(({ from, low }) => `V${decimal(y(low))}H${decimal(x(from))}`)
  const [first] = spans
  return first === undefined
    ? ''
    : `M${decimal(x(first.from))} ${decimal(y(first.low))}${[...forth, ...back].join('')}Z`
}

/** Spans in groups without a gap in time. */
function connected(spans: readonly MapSpan[]): readonly (readonly MapSpan[])[] {
  const groups: MapSpan[][] = []
  for (const span of spans) {
    const group = groups.at(-1)
    if (group?.at(-1)?.to === span.from) group.push(span)
    else groups.push([span])
  }
  return groups
}

/** A rectangle on the drawing, and how many letters fit in it, along it or upright. */
interface Room {
  readonly x: number
  readonly y: number
  readonly letters: number
  readonly upright: boolean
}

/** Where in a shape a label has the most room; spans that touch. */
function roomIn(spans: readonly MapSpan[], { x, y }: Scale, wanted: number): Room | undefined {
  let best: Room | undefined
  spans.forEach(({ from }, i) => {
    let [top, bottom] = [-Infinity, Infinity]
    for (const { to, low, high } of spans.slice(i)) {
      top = Math.max(top, y(high))
      bottom = Math.min(bottom, y(low))
      const [width, height] = [x(to) - x(from), bottom - top]
      if (height < LINE) break
      if (width < LINE) continue
      const upright = width < wanted * LETTER && height > width
      const letters = Math.min(wanted, Math.floor(((upright ? height : width) - 4) / LETTER))
      const better = letters > (best?.letters ?? 0) || (letters === best?.letters && best.upright && !upright)
      if (better) best = { x: x(from) + width / 2, y: top + height / 2, letters, upright }
    }
  })
  return best
}

function bufferShape({ kind, name, bytes, spans }: MapBuffer, scale: Scale): string {
  const shapes = connected(spans)
  const wanted = Array.from(shortName(name)).length + 1 + grouped(bytes).length
  const rooms = shapes.flatMap((shape) => roomIn(shape, scale, wanted) ?? [])
  const room = rooms.sort((a, b) => b.letters - a.letters)[0]
  const tooltip = element('title', {}, xmlText(`${kind}: ${name}, ${grouped(bytes)} bytes`))
  const path = element(
    'path',
    { class: `b ${kind}`, d: shapes.map((shape) => outline(shape, scale)).join('') },
    tooltip,
  )
  return room === undefined ? path : path + roomLabel(room, bufferLabel(shortName(name), bytes, room.letters))
}

function roomLabel({ x, y, upright: isUpright }: Room, text: string): string {
  if (text === '') return ''
  return isUpright ? upright(x, y, text, 'middle') : label(x, y + BASELINE, text, 'middle')
}

/** A stage's operators below the axis: in columns where they fit, else upright. Gives the text and its height. */
function stageNames(stage: MapStage, { x }: Scale): { readonly text: string; readonly height: number } {
  const [left, right] = [x(stage.from), x(stage.to)]
  const names = stage.operators.map(({ index, kind }) => fitted(index < 0 ? kind : `${index} ${kind}`, 24))
  const columnWidth = Math.max(...names.map((name) => name.length)) * 7 + 8
  const top = TOP + PLOT_HEIGHT + 6
  const columns = Math.floor((right - left) / columnWidth)
  if (columns > 0) {
    const rows = Math.ceil(names.length / columns)
    const title = names.length > 1 ? label(left + 4, top + 10, 'cascade', 'start', 'faint') : ''
    const first = names.length > 1 ? top + 10 + LINE : top + 10
    const texts = names.map((name, i) =>
      label(left + 4 + Math.floor(i / rows) * columnWidth, first + (i % rows) * LINE, name),
    )
    return { text: [title, ...texts].join(''), height: (rows + 1) * LINE }
  }
  const fits = names.length * LINE <= right - left
  const lines = fits ? names : [`${names[0] ?? ''} and ${names.length - 1} more`]
  const texts = lines.map((name, i) => {
    const middle = (left + right) / 2 + (i - (lines.length - 1) / 2) * LINE
    return upright(middle, top, name, 'end')
  })
  return { text: texts.join(''), height: Math.max(...lines.map((name) => name.length)) * 7 }
}

function horizontalAxis(map: MemoryMap, scale: Scale): { readonly text: string; readonly height: number } {
  const bottom = TOP + PLOT_HEIGHT
  const edges = map.stages.flatMap(({ from, to }) => [from, to])
  const borders = [...new Set(edges)].map((column) => line('stage', scale.x(column), TOP, scale.x(column), bottom + 6))
  const names = map.stages.map((stage) => stageNames(stage, scale))
  const middle = (column: number): number => (scale.x(column) + scale.x(column + 1)) / 2
  const ends = [
    upright(middle(0), bottom + 6, 'before', 'end', 'faint'),
    upright(middle(map.columns - 1), bottom + 6, 'after', 'end', 'faint'),
  ]
  const axis = line('axis', LEFT, bottom, LEFT + scale.width, bottom)
  const text = [...borders, axis, ...ends, ...names.map((name) => name.text)].join('\n')
  return { text, height: Math.max(50, ...names.map(({ height }) => height)) }
}

/** Round numbers of bytes, at most eight. */
function ticks(most: number): readonly number[] {
  const rough = Math.max(1, most / 8)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step)
}

function verticalAxis({ arenaBytes }: MemoryMap, { y, width }: Scale): string {
  const lines = ticks(arenaBytes).map(
    (bytes) =>
      line('grid', LEFT, y(bytes), LEFT + width, y(bytes)) +
      label(LEFT - 6, y(bytes) + BASELINE, grouped(bytes), 'end', 'faint'),
  )
  return [...lines, upright(22, TOP + PLOT_HEIGHT / 2, 'bytes of the arena', 'middle', 'faint')].join('\n')
}

/** The lines of the arena and of the bound, and the moment of the peak. */
function limits({ arenaBytes, lowerBound, peak }: MemoryMap, { x, y, width }: Scale): string {
  const end = LEFT + width
  const below = Math.max(y(lowerBound), y(arenaBytes) + LINE)
  const at = (x(peak) + x(peak + 1)) / 2
  return [
    line('bound', LEFT, y(lowerBound), end, y(lowerBound)),
    line('arena', LEFT, y(arenaBytes), end, y(arenaBytes)),
    line('peak', at, TOP - 6, at, TOP + PLOT_HEIGHT),
    label(at, TOP - 10, 'peak', 'middle'),
    label(end + 6, y(arenaBytes) + BASELINE, `arena ${grouped(arenaBytes)}`),
    label(end + 6, below + BASELINE, `bound ${grouped(lowerBound)}`),
  ].join('\n')
}

function legend({ buffers }: MemoryMap): string {
  const present = KINDS.filter(({ kind }) => buffers.some((buffer) => buffer.kind === kind))
  return present
    .map(({ kind }, i) => {
      const x = LEFT + i * 104
      return element('rect', { class: kind, x, y: 54, width: 12, height: 12 }) + label(x + 17, 64, kind)
    })
    .join('\n')
}

/**
 * A map of the arena as an SVG document: time runs to the right, in steps of the schedule; bytes of the arena go up. Each
 * buffer is a shape that follows what is alive of it. `title` is plain text.
 */
export function memoryMapSvg(map: MemoryMap, title: string): string {
  const scale = scaleOf(map)
  const axis = horizontalAxis(map, scale)
  const width = LEFT + scale.width + RIGHT
  const height = TOP + PLOT_HEIGHT + axis.height + 44
  const facts =
    `context ${grouped(map.contextBytes)} bytes, stack apart (input ${map.input}); ` +
    `no layout of this schedule can be smaller than ${grouped(map.lowerBound)} bytes` +
    (map.stepsPerColumn > 1 ? `; columns of up to ${map.stepsPerColumn} steps` : '')
  const view = { viewBox: `0 0 ${decimal(width)} ${decimal(height)}`, width, height, role: 'img' }
  const document = element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...view },
    '\n',
    [
      element('title', {}, xmlText(`Memory of ${title} over time`)),
      element('style', {}, STYLE),
      element('rect', { class: 'back', width, height }),
      label(LEFT, 24, fitted(title, 100), 'start', 'title'),
      label(LEFT, 42, facts, 'start', 'faint'),
      legend(map),
      verticalAxis(map, scale),
      ...map.buffers.map((buffer) => bufferShape(buffer, scale)),
      axis.text,
      limits(map, scale),
      label(LEFT + scale.width / 2, height - 12, 'steps of the schedule, stage after stage', 'middle', 'faint'),
    ].join('\n'),
    '\n',
  )
  return `${document}\n`
}

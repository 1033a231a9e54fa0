import t from 'tap'
import { z } from 'zod'
import { parseTargetOptions, targetOptions } from '../../src/targets/options.js'
import { target } from './samples.js'

const options = z.object({
  htmlTitle: z.string().optional().describe('title of the page'),
  html: z.boolean().default(false).describe('add a page'),
  simd: z.boolean().default(true).describe('no SIMD'),
  level: z.enum(['low', 'high']).describe('how much'),
  port: z.int().min(1).default(80).describe('a port'),
  tag: z.array(z.string()).default([]).describe('a word'),
})

t.test('an option is described by its schema', (t) => {
  t.same(targetOptions({ options }), [
    {
      name: 'htmlTitle',
      flag: '--html-title',
      type: 'string',
      list: false,
      description: 'title of the page',
      required: false,
    },
    {
      name: 'html',
      flag: '--html',
      type: 'boolean',
      list: false,
      description: 'add a page',
      default: false,
      required: false,
    },
    {
      name: 'simd',
      flag: '--no-simd',
      type: 'boolean',
      list: false,
      description: 'no SIMD',
      default: true,
      required: false,
    },
    {
      name: 'level',
      flag: '--level',
      type: 'string',
      choices: ['low', 'high'],
      list: false,
      description: 'how much',
      required: true,
    },
    { name: 'port', flag: '--port', type: 'number', list: false, description: 'a port', default: 80, required: false },
    { name: 'tag', flag: '--tag', type: 'string', list: true, description: 'a word', default: [], required: false },
  ])
  t.same(targetOptions({}), [])
  t.end()
})

t.test('a schema that a command line cannot express is refused, with the reason', (t) => {
  const refused = (schema: unknown): unknown => targetOptions({ options: schema as z.ZodObject })
  t.throws(() => refused({ html: 'boolean' }), /no zod object schema/)
  t.throws(() => refused(z.string()), /no zod object schema/)
  t.throws(() => refused(z.object({ html: z.boolean() })), /"html" is no boolean.*with a description/)
  t.throws(() => refused(z.object({ html: z.boolean().describe(' ') })), /with a description/)
  t.throws(() => refused(z.object({ size: z.object({}).describe('a size') })), /"size" is no boolean/)
  t.throws(() => refused(z.object({ size: z.array(z.object({})).describe('sizes') })), /"size" is no boolean/)
  t.throws(() => refused(z.object({ when: z.date().describe('a date') })), /[Dd]ate/)
  t.throws(() => refused(z.object({ 'Not-a-name': z.string().describe('a name') })), /not named like htmlTitle/)
  t.end()
})

t.test('values are checked, and defaults filled in', (t) => {
  t.same(parseTargetOptions(target({ options }), { level: 'low', html: undefined }), {
    options: { level: 'low', html: false, simd: true, port: 80, tag: [] },
  })
  t.same(parseTargetOptions(target(), {}), { options: {} })
  const wrong = parseTargetOptions(target({ options }), { level: 'middle', port: 0, page: true })
  t.match(wrong, {
    diagnostics: [
      { code: 'BAD_OPTION', found: /^level: .*"low"/ },
      { code: 'BAD_OPTION', found: /^port: / },
      { code: 'BAD_OPTION', found: /"page"/ },
    ],
  })
  t.match(parseTargetOptions(target(), { page: true }), { diagnostics: [{ code: 'BAD_OPTION', found: /"page"/ }] })
  t.end()
})

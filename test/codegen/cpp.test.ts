import t from 'tap'
import { commentText, floatLiteral, integerLiteral, literals, wrap } from '../../src/codegen/cpp.js'

t.test('float literals read back as the same float32', (t) => {
  for (const value of [0, 1, -1.5, 0.1, 1e-20, 3.4028234663852886e38, 1.17549435e-38, 1 / 3, 16777217, 1e-45]) {
    const text = floatLiteral(Math.fround(value))
    t.match(text, /^-?\d+(\.\d+)?(e[+-]?\d+)?f$/)
    t.match(text, /[.e]/, 'an integer with a suffix f is no literal')
    t.equal(Math.fround(Number(text.slice(0, -1))), Math.fround(value))
  }
  t.equal(floatLiteral(-0), '-0.0f')
  t.equal(floatLiteral(Infinity), floatLiteral(3.4028234663852886e38))
  t.throws(() => floatLiteral(NaN))
  t.end()
})

t.test('the least integer has no literal of its own', (t) => {
  t.equal(integerLiteral(-(2 ** 31)), 'INT32_MIN')
  t.equal(integerLiteral(2 ** 31 - 1), '2147483647')
  t.throws(() => integerLiteral(0.5))
  t.same(literals(Int8Array.from([-128, 127])), ['-128', '127'])
  t.end()
})

t.test('lines are wrapped', (t) => {
  t.equal(wrap(['1', '2', '3'], '  ', 6), '  1,\n  2, 3')
  t.equal(wrap(['1', '2', '3'], '  ', 8), '  1, 2,\n  3')
  t.equal(wrap([], '  '), '  ')
  t.end()
})

t.test('a name cannot end a comment, or do worse', (t) => {
  t.equal(commentText('a */ int x; /* b'), 'a * / int x; / * b')
  t.equal(commentText('**//'), '** //')
  t.equal(commentText('a\nb\u00e9'), 'a?b?')
  t.equal(commentText('\u00e9\u00e9/'), '? ?/', 'no trigraph')
  t.equal(commentText('x'.repeat(200)).length, 90)
  t.end()
})

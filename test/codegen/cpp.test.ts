import t from 'tap'
import { commentText, declaration, fill, floatLiteral } from '../../src/codegen/cpp.js'
import { integerLiteral, literals, wrap } from '../../src/codegen/cpp.js'

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
  t.equal(wrap(['1', '{\n    2}', '3', '4'], '  '), '  1,\n  {\n    2},\n  3, 4', 'a struct stands on lines of its own')
  t.equal(wrap(['1', '{\n    2}'], '  '), '  1,\n  {\n    2}')
  t.equal(fill(['a', 'b', 'c', 'd'], '    ', { first: '/* ', width: 7 }), '/* a b\n    c d')
  t.equal(fill(['much too long', 'c'], '', { width: 5 }), 'much too long\nc', 'a piece is never cut')
  t.end()
})

t.test('parameters go to a line of their own where the first is full', (t) => {
  t.equal(declaration('void f', 'int index'), 'void f(int index)')
  const [name, context] = ['n'.repeat(50), 'c'.repeat(58)]
  t.equal(declaration(`void ${name}`, `${context}x`).length, 118 - 2)
  t.equal(declaration(`void ${name}`, `${context}xxx`).length, 118)
  t.equal(declaration(`void ${name}`, `${context}xxxx`), `void ${name}(\n    ${context}xxxx)`)
  t.end()
})

t.test('a name cannot end a comment, or do worse', (t) => {
  t.equal(commentText('a */ int x; /* b'), 'a * / int x; / * b')
  t.equal(commentText('**//'), '** //')
  t.equal(commentText('a\nb\u00e9'), 'a?b?')
  t.equal(commentText('\u00e9\u00e9/'), '? ?/', 'no trigraph')
  t.equal(commentText('???/'), '? ? ?/')
  t.equal(commentText('/*/'), '/ * /')
  t.equal(commentText('x'.repeat(200)).length, 90)
  t.equal(commentText('beginning, middle, end', 14), 'beginnin...end', 'long text loses its middle')
  t.end()
})

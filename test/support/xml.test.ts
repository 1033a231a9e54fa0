import t from 'tap'
import { elementsNamed, parseXml } from './xml.js'

t.test('a document is a tree of elements', (t) => {
  const tree = parseXml('<a x="1"><b y="&lt;2"/>some<c>te &amp; xt<b/></c></a>\n')
  t.match(tree, { name: 'a', attributes: { x: '1' }, text: 'some' })
  t.match(tree.children, [
    { name: 'b', attributes: { y: '<2' } },
    { name: 'c', text: 'te & xt' },
  ])
  t.equal(elementsNamed(tree, 'b').length, 2)
  t.end()
})

t.test('what is not well-formed is an error', (t) => {
  const wrong = [
    '',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><a/>',
    '<a/>x',
    '<a x=1/>',
    '<a x="1" x="2"/>',
    '<a x="<"/>',
    '<a>&</a>',
    '<a>&nbsp;</a>',
    '<a>1 < 2</a>',
    '<a>\u0001</a>',
    '<a>\ud800</a>',
    '<a x="\uffff"/>',
  ]
  for (const document of wrong) t.throws(() => parseXml(document), Error, document)
  t.end()
})

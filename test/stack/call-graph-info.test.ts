import t from 'tap'
import { readFrames } from '../../src/stack/call-graph-info.js'

t.test('frames are found by the names that the linked program has', (t) => {
  const text = String.raw`graph: { title: "a/net.cpp"
node: { title: "a/net.cpp:_ZN4eoncL3rowIfEEvPT_" label: "const float& eonc::row(Element*) [with Element = float]\na/net.h:6:4\n80 bytes (static)" }
node: { title: "memset" label: "void* __builtin_memset(void*, int, unsigned int)\n<built-in>" shape : ellipse }
node: { title: "net_invoke" label: "net_status net_invoke(net_context*)\na/net.cpp:305:12\n40 bytes (static)\n1 dynamic objects" }
node: { title: "net_reset" label: "void net_reset(net_context*)\na/net.cpp:9:12\n24 bytes (dynamic)" }
node: { title: "a/net.cpp:_ZN10eonc_0_1_0L3runEPKal.constprop.0" label: "constprop(const int8_t*, int32_t)\na/net.h:9:4\n40 bytes (static)" }
edge: { sourcename: "net_invoke" targetname: "memset" }
}`
  t.strictSame(
    [...readFrames(text)],
    [
      ['_ZN4eoncL3rowIfEEvPT_', { name: 'row', bytes: 80, bounded: true }],
      ['net_invoke', { name: 'net_invoke', bytes: 40, bounded: true }],
      ['net_reset', { name: 'net_reset', bytes: 24, bounded: false }],
      ['_ZN10eonc_0_1_0L3runEPKal.constprop.0', { name: 'run', bytes: 40, bounded: true }],
    ],
  )
  t.end()
})

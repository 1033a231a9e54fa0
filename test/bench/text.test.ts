import t from 'tap'
import { grouped, inMillions, lessText, ratioText } from '../../bench/text.js'

t.test('numbers are written as the tables want them', async (t) => {
  t.equal(grouped(1234567), '1,234,567')
  t.same([3440, 99_999, 100_000, 43_040_520].map(inMillions), ['3,440', '99,999', '0.10 M', '43.04 M'])
  t.same(
    [16_000, 23_300, 23_301, 25_000].map((ram) => lessText(ram, 23_300)),
    ['31 % less', 'the same', 'the same', '7 % more'],
  )
  t.same(
    [50, 198, 200, 994, 996, 2460].map((ours) => ratioText(ours, 100)),
    ['0.50x', '1.98x', '2.0x', '9.9x', '10x', '25x'],
  )
})

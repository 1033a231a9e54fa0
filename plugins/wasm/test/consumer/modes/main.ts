import { load as loadFetched } from 'fetched'
import { load as loadResident } from 'resident'
import { load as loadStreamed } from 'streamed'

const resident = await loadResident()
const streamed = await loadStreamed()
const fetched = await loadFetched()
const one = new Int8Array(4)

export const results: readonly Int8Array[] = [
  resident.run([one, [1, 2, 3, 4]]).data,
  streamed.run([one, new Float64Array(4)]).data,
  fetched.run([(offset: number, count: number) => one.subarray(offset, offset + count), one]).data,
  fetched.run([one, one]).data,
  streamed.push(one.subarray(0, 1))?.data ?? one,
]
streamed.setInput(1, one)
streamed.reset()

export function mistakes(): void {
  // @ts-expect-error both inputs are needed
  resident.run([one])
  // @ts-expect-error as a list
  resident.run(one)
  // @ts-expect-error there is no result before the last unit
  void streamed.push(one).data
  // @ts-expect-error this one is not fetched
  fetched.run([one, () => one])
  // @ts-expect-error and this is no way to fetch
  fetched.run([(offset: string) => one.subarray(Number(offset)), one])
}

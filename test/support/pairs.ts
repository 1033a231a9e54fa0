/** All pairs of int8, one after the other. */
export const EVERY_PAIR = Int8Array.from({ length: 2 ** 17 }, (_, index) => (index % 2 === 0 ? index >> 9 : index >> 1))

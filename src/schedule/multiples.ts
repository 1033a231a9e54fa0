/** The largest number that both are multiples of. */
export const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

/** The least number that is a multiple of both. */
export const commonMultiple = (a: number, b: number): number => (a / commonDivisor(a, b)) * b

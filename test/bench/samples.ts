import { columns, type Measured, type Measurement, type Results } from '../../bench/results.js'

/** A measurement as the tables get it. */
export function measured(change: Partial<Measured> = {}): Measured {
  return {
    model: 'mlperf_tiny_kws_int8',
    core: 'cortex-m4f',
    setting: 'default',
    variant: 'int8',
    status: 'measured',
    context: 16000,
    otherRam: 0,
    ram: 16000,
    stack: 324,
    paintedStack: 320,
    code: 2000,
    constants: 28000,
    rom: 30000,
    romCode: 2500,
    instructions: 20_000_000,
    vectors: 2,
    exact: true,
    tolerance: 0,
    ...change,
  }
}

/** Results around measurements. */
export function resultsWith(...measurements: readonly Measurement[]): Results {
  return {
    eonc: '1.2.3',
    compiler: 'arm-none-eabi-gcc 12.2.1',
    library: 'newlib-nano',
    linker: '--gc-sections',
    optimization: '-Os',
    flags: {},
    settings: {},
    kernels: 'portable',
    columns,
    measurements,
  }
}

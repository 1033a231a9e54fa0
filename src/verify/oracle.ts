import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from './run-program.js'

/** A model and what to run it on, in TensorFlow Lite Micro's reference kernels. */
export interface OracleJob {
  /** The model: its bytes, or the path of its file. */
  readonly model: Uint8Array | string
  /**
   * Inferences to run in order on one interpreter; each is the raw little-endian bytes of every input, in the model's
   * order. None: the model is loaded and prepared, and that is all.
   */
  readonly vectors: readonly (readonly Uint8Array[])[]
  /** True: the state of stateful operators is reset before every vector. It persists unless told. */
  readonly reset?: boolean
  /** Time limit; 60 unless told. */
  readonly seconds?: number
  /** Bytes of the interpreter's tensor arena; ample unless told. */
  readonly arena?: number
}

/** An input or output as the oracle sees it. `type` is numpy's name, such as `int8` or `float32`. */
export interface OracleTensor {
  readonly shape: readonly number[]
  readonly type: string
  /** Null stands for a scale that is no finite number. */
  readonly scales: readonly (number | null)[]
  readonly zeroPoints: readonly number[]
}

/** What became of a job. */
export type OracleResult =
  | {
      readonly status: 'ok'
      readonly inputs: readonly OracleTensor[]
      readonly outputs: readonly OracleTensor[]
      /** The raw bytes of every output, in the model's order, for each of the job's vectors. */
      readonly vectors: readonly (readonly Uint8Array[])[]
    }
  /** The interpreter reported an error: while it loaded and prepared the model, or at an inference. */
  | { readonly status: 'refused'; readonly stage: 'load' | 'invoke'; readonly message: string }
  /** The interpreter died of a signal, such as SIGABRT; SIGALRM says that the time was up. */
  | { readonly status: 'aborted'; readonly signal: string; readonly message: string }

type Answer =
  | { readonly status: 'ok'; readonly inputs: readonly RawTensor[]; readonly outputs: readonly RawTensor[] }
  | Exclude<OracleResult, { status: 'ok' }>
  | { readonly status: 'misused'; readonly message: string }

interface RawTensor extends Omit<OracleTensor, 'zeroPoints'> {
  readonly zero_points: readonly number[]
}

const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
}

/** Why the oracle cannot be run. */
export class OracleError extends Error {}

const SCRIPT = fileURLToPath(new URL('oracle.py', import.meta.url))

/**
 * Runs jobs in the oracle, all in one process of it, each job guarded from the crashes of the others. `python` is one that
 * has the package tflite-micro.
 * @param workDir a folder for the request's files; it is made when missing. One call at a time may use it.
 * @returns the results in the order of the jobs
 * @throws Error when the oracle cannot be run, or a vector does not fit its model's inputs
 */
export async function runOracle(
  python: string,
  jobs: readonly OracleJob[],
  workDir: string,
): Promise<readonly OracleResult[]> {
  await mkdir(workDir, { recursive: true })
  const requests = await Promise.all(jobs.map((job, index) => writeJob(job, join(workDir, String(index)))))
  const requestFile = join(workDir, 'request.json')
  await writeFile(requestFile, JSON.stringify({ jobs: requests }))
  const timeoutMs = jobs.reduce((sum, job) => sum + (job.seconds ?? 60) * 1000, 60_000)
  const { status, stdout, stderr } = await runProgram(python, [SCRIPT, requestFile], timeoutMs)
  if (status !== 0) throw new OracleError(stderr.trim().split('\n').at(-1) ?? `status ${status}`)
  const { results } = JSON.parse(stdout) as { readonly results: readonly Answer[] }
  return Promise.all(results.map((answer, index) => readAnswer(answer, requests[index], index)))
}

interface Request {
  readonly model: string
  readonly vectors: number
  readonly input: string
  readonly output: string
}

async function writeJob(job: OracleJob, stem: string): Promise<Request> {
  const { model, vectors, ...options } = job
  const modelFile = typeof model === 'string' ? model : `${stem}.tflite`
  if (typeof model !== 'string') await writeFile(modelFile, model)
  if (vectors.length > 0) await writeFile(`${stem}.in`, Buffer.concat(vectors.flat()))
  return { ...options, model: modelFile, vectors: vectors.length, input: `${stem}.in`, output: `${stem}.out` }
}

async function readAnswer(answer: Answer, request: Request | undefined, index: number): Promise<OracleResult> {
  if (answer.status === 'misused' || request === undefined) {
    throw new Error(`the oracle cannot run job ${index}: ${answer.status === 'misused' ? answer.message : 'unknown'}`)
  }
  if (answer.status !== 'ok') return answer
  const outputs = answer.outputs.map(tensor)
  const data = request.vectors > 0 ? await readFile(request.output) : new Uint8Array(0)
  return {
    status: 'ok',
    inputs: answer.inputs.map(tensor),
    outputs,
    vectors: splitVectors(data, outputs.map(byteLength), request.vectors),
  }
}

function tensor({ zero_points: zeroPoints, ...rest }: RawTensor): OracleTensor {
  return { ...rest, zeroPoints }
}

function byteLength({ shape, type }: OracleTensor): number {
  const elementBytes = ELEMENT_BYTES[type]
  if (elementBytes === undefined) throw new Error(`the oracle gave a tensor of unknown type ${type}`)
  return shape.reduce((product, size) => product * size, elementBytes)
}

/** Cuts the bytes of `count` vectors, each of tensors of these sizes, into one array for each tensor. */
function splitVectors(data: Uint8Array, sizes: readonly number[], count: number): readonly (readonly Uint8Array[])[] {
  let at = 0
  return Array.from({ length: count }, () => sizes.map((size) => data.slice(at, (at += size))))
}

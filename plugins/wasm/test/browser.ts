import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findTool, projectRoot } from '../../../test/support/toolchain.js'

/** Where screenshots are kept, to be looked at. */
export const SCREENSHOTS = join(projectRoot, 'build/browser')

/** Nothing that would ask the network. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-sandbox',
]

/** Chromium, without a window. */
export async function startBrowser(): Promise<Browser> {
  await mkdir(SCREENSHOTS, { recursive: true })
  return chromium.launch({ executablePath: findTool('chromium') ?? 'chromium', headless: true, args: QUIET })
}

/** Everything that a page complains of, and what it asks for: for a test to find none. */
export interface PageLog {
  readonly errors: string[]
  readonly requests: string[]
}

/** Keeps what goes wrong in a page, and what it requests. */
export function watch(page: Page): PageLog {
  const log: PageLog = { errors: [], requests: [] }
  page.on('console', (message) => message.type() === 'error' && log.errors.push(message.text()))
  page.on('pageerror', (error) => log.errors.push(error.message))
  page.on('request', (request) => log.requests.push(request.url()))
  return log
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Serves a folder on this machine; gives the address. `asBytes` serves modules as no type that browsers know. */
export async function serve(
  folder: string,
  asBytes = false,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const type = asBytes && path.endsWith('.wasm') ? 'application/octet-stream' : TYPES[extname(path)]
    readFile(join(folder, path)).then(
      (bytes) => response.setHeader('content-type', type ?? 'text/plain').end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has a port')
  return { url: `http://127.0.0.1:${address.port}`, server }
}

/** One bucket behind three small servers, each of which speaks what a provider's real client asks for: lists in pages, stretches, conditions. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { azure } from './azure.ts'
import { google } from './google.ts'
import { s3 } from './s3.ts'

export interface Stored {
  name: string
  bytes: Buffer
  /** Counts writes. */
  generation: number
  md5: string
  modified: Date
}

/** What a client asks for, in whatever protocol. */
export interface Asked {
  kind: 'list' | 'read'
  /** Of the object, or the prefix. */
  name: string
  /** Where a list goes on. */
  after: string
  /** A read's condition: it is met by this version alone. */
  version: string | null
  from: number
  to: number | null
}

/** What goes wrong with it; `cut`: the connection breaks after so many bytes. */
export type Fault = 'denied' | 'expired' | 'gone' | { cut: number } | null

export interface Protocol {
  name: string
  /** Of the bucket. */
  url: string
  env(port: number): Record<string, string>
  asked(request: IncomingMessage): Asked | null
  /** Of an object, as this protocol writes it. */
  version(object: Stored): string
  list(objects: readonly Stored[], next: string | null): string
  headers(object: Stored): Record<string, string>
  refusal(what: 'denied' | 'expired' | 'gone' | 'changed'): { status: number; headers?: Record<string, string>; body: string }
}

export const protocols: readonly Protocol[] = [s3, azure, google]

/** So few that a small fleet has several. */
const PAGE = 7

export class Bucket {
  readonly objects = new Map<string, Stored>()
  /** What was asked for, in order. */
  readonly asked: Asked[] = []
  fault: (asked: Asked) => Fault = () => null
  private writes = 0

  put(name: string, bytes: Buffer | string): void {
    const content = Buffer.from(bytes)
    const md5 = createHash('md5').update(content).digest('hex')
    this.objects.set(name, { name, bytes: content, generation: 1e15 + ++this.writes, md5, modified: new Date() })
  }

  /** All files below a folder. */
  fill(folder: string, prefix: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const [path, name] = [join(folder, entry.name), `${prefix}${entry.name}`]
      if (entry.isDirectory()) this.fill(path, `${name}/`)
      else this.put(name, readFileSync(path))
    }
  }

  read(name: string): number {
    return this.asked.filter(asked => asked.kind === 'read' && asked.name === name).length
  }
}

export interface Server {
  env: Record<string, string>
  close(): Promise<void>
}

export async function serve(bucket: Bucket, protocol: Protocol): Promise<Server> {
  const server = createServer((request, response) => answer(bucket, protocol, request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  return {
    env: protocol.env(port),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(bucket: Bucket, protocol: Protocol, request: IncomingMessage, response: ServerResponse): void {
  const asked = protocol.asked(request)
  if (!asked) return void response.writeHead(400).end(`not understood: ${request.method} ${request.url}`)
  bucket.asked.push(asked)
  const fault = bucket.fault(asked)
  const object = bucket.objects.get(asked.name)
  const refuse = (what: Parameters<Protocol['refusal']>[0]): void => {
    const { status, headers, body } = protocol.refusal(what)
    response.writeHead(status, headers).end(body)
  }
  if (typeof fault === 'string') refuse(fault)
  else if (asked.kind === 'list') list(bucket, protocol, asked, response)
  else if (!object) refuse('gone')
  else if (asked.version !== null && asked.version !== protocol.version(object)) refuse('changed')
  else send(protocol, object, asked, fault, response)
}

function list({ objects }: Bucket, protocol: Protocol, { name: prefix, after }: Asked, response: ServerResponse): void {
  const all = [...objects.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const matching = all.filter(({ name }) => name.startsWith(prefix) && name > after)
  const page = matching.slice(0, PAGE)
  const next = matching.length > PAGE ? (page.at(-1)?.name ?? null) : null
  const body = protocol.list(page, next)
  response.writeHead(200, { 'content-type': body.startsWith('{') ? 'application/json' : 'application/xml' }).end(body)
}

function send(
  protocol: Protocol,
  object: Stored,
  { from, to }: Asked,
  fault: { cut: number } | null,
  response: ServerResponse,
): void {
  const { bytes } = object
  const end = Math.min(to ?? bytes.length, bytes.length)
  const part = from > 0 || to !== null
  response.writeHead(part ? 206 : 200, {
    'content-length': end - from,
    'last-modified': object.modified.toUTCString(),
    'content-type': 'application/octet-stream',
    // As uploaders say it of packed logs; a client must not unpack them on the way.
    ...(object.name.endsWith('.gz') && { 'content-encoding': 'gzip' }),
    ...(part && { 'content-range': `bytes ${from}-${end - 1}/${bytes.length}` }),
    ...protocol.headers(object),
  })
  if (fault === null) response.end(bytes.subarray(from, end))
  else response.write(bytes.subarray(from, Math.min(end, from + fault.cut)), () => response.socket?.destroy())
}

/** `bytes=10-19` or `bytes=10-`. */
export function rangeOf(header: string | string[] | undefined): { from: number; to: number | null } {
  const [, from = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(String(header ?? '')) ?? []
  return { from: Number(from), to: last === '' ? null : Number(last) + 1 }
}

export const xml = (text: string): string => text.replace(/[&<>]/g, char => `&#${char.charCodeAt(0)};`)

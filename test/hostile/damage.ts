/** What disks, transports, terminals and text tools do to logs, as something that fast-check can draw and make smaller. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'

const root = new URL('../../fixtures/', import.meta.url).pathname

const filesBelow = (folder: string): string[] =>
  readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  )

/** Small real logs of every form and every outcome. */
export const logs: readonly Buffer[] = ['rules', 'articles', 'incidents', 'formats']
  .flatMap(filesBelow)
  .filter(path => /\/(?:input[^/]*|.*\.(?:log|txt|json|export))$/.test(path) && !path.endsWith('expected.json'))
  .map(path => readFileSync(root + path))
  .filter(bytes => bytes.length > 0 && bytes.length < 12_000)

/** Bytes that mean something to a parser, a terminal or a disk. */
const POISON = [
  ...['\0', '\0'.repeat(600), '\x1b[2J', '\x1b]0;x\x07', '\x9b31m', '\u202e', '\u2028', '\ufeff', '\r', '\n', '\n\n', ' ', '\t'],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    '\\u0000',
    '{"',
    '[{',
    '-- Boot ',
    '-- Reboot --',
    'data: ',
    '\x1e',
    '__CURSOR=',
    'MESSAGE\n',
  ],
  ...['systemd[1]: Freezing execution.\n', 'Message from syslogd@h at Nov 24 01:45:41 ...\n', '9'.repeat(400), '%s%n', '…'],
].map(text => Buffer.from(text))
const BROKEN_UTF8 = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xe2, 0x80]].map(bytes =>
  Buffer.from(bytes),
)

type Damage = (bytes: Buffer) => Buffer

const place = fc.nat({ max: 1 << 20 })
const at = (where: number, { length }: Buffer): number => (length === 0 ? 0 : where % length)
const replaced = (bytes: Buffer, from: number, to: number, put: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(to)])

const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([where, value]): Damage =>
      bytes => {
        const flipped = Buffer.from(bytes)
        if (flipped.length > 0) flipped[at(where, flipped)] = value
        return flipped
      },
  ),
  fc.tuple(place, fc.nat(300)).map(
    ([where, length]): Damage =>
      bytes =>
        replaced(bytes, at(where, bytes), at(where, bytes) + length, Buffer.alloc(0)),
  ),
  fc.tuple(place, fc.nat(300)).map(
    ([where, length]): Damage =>
      bytes => {
        const from = at(where, bytes)
        return replaced(bytes, from, from, bytes.subarray(from, from + length))
      },
  ),
  fc.tuple(place, place).map(
    ([one, other]): Damage =>
      bytes => {
        const lines = bytes.toString('latin1').split('\n')
        const [a, b] = [one % lines.length, other % lines.length]
        ;[lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? '']
        return Buffer.from(lines.join('\n'), 'latin1')
      },
  ),
  place.map(
    (where): Damage =>
      bytes =>
        bytes.subarray(0, at(where, bytes)),
  ),
  fc.tuple(place, fc.constantFrom(...POISON, ...BROKEN_UTF8)).map(
    ([where, put]): Damage =>
      bytes =>
        replaced(bytes, at(where, bytes), at(where, bytes), put),
  ),
  // The rest of another log, from the middle of one of its lines on.
  fc.tuple(place, fc.constantFrom(...logs), place).map(
    ([where, other, from]): Damage =>
      bytes =>
        Buffer.concat([bytes.subarray(0, at(where, bytes)), other.subarray(at(from, other))]),
  ),
)

/** A real log, hurt in one to five ways. */
export const damaged: fc.Arbitrary<Buffer> = hurt(fc.constantFrom(...logs))

export function hurt(log: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(log, fc.array(damages, { minLength: 1, maxLength: 5 }))
    .map(([bytes, hurts]) => hurts.reduce((now, damage) => damage(now), bytes))
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Feed, MAX_LINE } from '../../src/bytes/feed.ts'

function linesOf(pieces: readonly Buffer[]): { lines: string[]; feed: Feed } {
  const feed = new Feed()
  const lines: string[] = []
  function drain(): void {
    for (let line = feed.peek(); line !== null; line = feed.peek()) {
      lines.push(line)
      feed.take()
    }
  }
  for (const piece of pieces) {
    feed.push(piece)
    drain()
  }
  feed.end()
  drain()
  return { lines, feed }
}

describe('bytes as lines', () => {
  it('gives the lines of the text, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zé ]{0,9}$/), { minLength: 1 }),
        fc.integer({ min: 1, max: 7 }),
        (lines, size) => {
          const bytes = Buffer.from(lines.map(line => `${line}\n`).join(''))
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
            bytes.subarray(at * size, at * size + size),
          )
          expect(linesOf(pieces).lines).toEqual(lines)
        },
      ),
    )
  })

  it('numbers lines and places from the front', () => {
    const feed = new Feed()
    feed.push(Buffer.from('one\ntwo\nthr'))
    feed.peek()
    feed.take()
    expect([feed.line, feed.offset]).toEqual([2, 4])
    feed.peek()
    feed.take()
    expect(feed.peek()).toBeNull()
    feed.push(Buffer.from('ee'))
    feed.end()
    expect(feed.peek()).toBe('three')
    expect(feed.cutHere()).toBe(true)
  })

  it('takes off carriage returns and a byte order mark', () => {
    expect(linesOf([Buffer.from('\ufeffone\r\ntwo\r\n')]).lines).toEqual(['one', 'two'])
  })

  it('passes over a run of NULs and tells it once, though it spans many pieces', () => {
    const { lines, feed } = linesOf([Buffer.from('one\n'), Buffer.alloc(1000), Buffer.alloc(500), Buffer.from('two\n')])
    expect(lines).toEqual(['one', 'two'])
    expect(feed.problems).toEqual([{ message: expect.stringMatching(/^1500 NUL bytes/), line: 2, offset: 4 }])
  })

  it('cuts a line that has no end in sight, tells its length, and goes on behind it', () => {
    const block = Buffer.alloc(256 * 1024, 'x')
    const { lines, feed } = linesOf([Buffer.from('one\n'), ...Array<Buffer>(40).fill(block), Buffer.from('\ntwo\n')])
    expect(lines.map(line => line.length)).toEqual([3, MAX_LINE, 3])
    expect(feed.problems).toEqual([{ message: expect.stringContaining(`${40 * block.length} bytes`), line: 2, offset: 4 }])
    expect(feed.line).toBe(4)
  })
})

import { describe, expect, it } from 'vitest'
import { brief, CORE_FIELDS, Disk, dataOf, made, TEXT } from './disk.ts'
import { Host } from './items.ts'
import { BB, COMMIT, CONTINUE, END, Logbook, type Operation, START, transaction, UNMOUNT, WAS_CONTINUED } from './logbook.ts'

const EXTENTS = 4
const ROOT = 8

describe.each(['v5', 'v4'] as const)('a log of XFS %s', version => {
  const disk = (): Disk => new Disk(made[version])

  it('is clean after mkfs, and after an unmount', () => {
    expect(disk().open()).toMatchObject({ replay: { state: 'clean' }, messages: [] })
    const unmounted = disk()
    const done = { tid: 7, flags: UNMOUNT, data: Buffer.from('nU\0\0\0\0\0\0') }
    new Logbook(unmounted.image)
      .record(transaction(1, [unmounted.size('file', 5)]))
      .record([done], { tail: { cycle: 1, block: 3 } })
    expect(unmounted.open().replay.state).toBe('clean')
  })

  it('is clean after an old mkfs, whose one record is longer than its header can be for', () => {
    const striped = disk()
    new Logbook(striped.image).record([{ tid: 7, flags: UNMOUNT, data: Buffer.alloc(200_000) }], { summed: false })
    expect(striped.open()).toMatchObject({ replay: { state: 'clean' }, messages: [] })
  })

  it('puts a logged inode in its place', () => {
    const changed = disk()
    new Logbook(changed.image).record(transaction(1, [changed.size('file', 5)]))
    const { replay, messages, text } = changed.open()
    expect(replay).toEqual({ state: 'replayed', transactions: 1, items: { inode: 1 }, unfinished: [], remaps: new Map() })
    expect(messages).toEqual([])
    expect(text('file')).toBe('01234')
    expect(text('other')).toBe('other')
  })

  it('follows transactions in the order in which they were committed', () => {
    const changed = disk()
    const [first, second] = [transaction(1, [changed.size('file', 5)]), transaction(2, [changed.size('file', 8)])]
    const woven = [...first.slice(0, 2), ...second, ...first.slice(2)]
    new Logbook(changed.image).record(woven)
    expect(changed.open().text('file')).toBe('01234')
  })

  it('leaves out what was never committed, and what was committed without its beginning', () => {
    const changed = disk()
    const [first, second] = [transaction(1, [changed.size('file', 5)]), transaction(2, [changed.size('other', 2)])]
    new Logbook(changed.image).record([...first.slice(2), ...second.slice(0, -1)])
    const { replay, text, messages } = changed.open()
    expect(replay).toMatchObject({ state: 'replayed', transactions: 0 })
    expect(messages).toEqual([])
    expect(text('file')).toBe('whole')
    expect(text('other')).toBe('other')
  })

  it.each([1, 20, 55, 57, 100])('puts a region together again that is split after %i bytes', cut => {
    const changed = disk()
    const operations = transaction(1, [changed.size('file', 5)])
    const [start, header, format, core, commit] = operations as [Operation, Operation, Operation, Operation, Operation] // one item of two regions
    const split = (operation: Operation): [Operation[], Operation[]] => [
      [{ ...operation, flags: CONTINUE, data: operation.data.subarray(0, cut) }],
      [{ ...operation, flags: WAS_CONTINUED | END, data: operation.data.subarray(cut) }],
    ]
    const [front, back] = split(cut < 16 ? header : core)
    const log = new Logbook(changed.image)
    if (cut < 16) log.record([start, ...front]).record([...back, format, core, commit])
    else log.record([start, header, format, ...front]).record([...back, commit])
    const { messages, text } = changed.open()
    expect(messages).toEqual([])
    expect(text('file')).toBe('01234')
  })

  it('goes on at the front where the ring ends', () => {
    for (const before of [1, 2, 3, 4]) {
      const changed = disk()
      const { blocks } = new Logbook(changed.image).geometry
      const log = new Logbook(changed.image, blocks - before, 9)
      log.record(transaction(1, [changed.size('file', 5)])).record(transaction(2, [changed.size('other', 2)]))
      log.record(transaction(3, [changed.size('file', 7)]))
      const { replay, messages, text } = changed.open()
      expect(messages).toEqual([])
      expect(replay.transactions).toBe(3)
      expect([text('file'), text('other')]).toEqual(['0123456', 'ot'])
    }
  })

  it('reads what a big-endian machine wrote', () => {
    const changed = disk()
    Object.assign(changed, { host: new Host(false) })
    new Logbook(changed.image).record(transaction(1, [changed.size('file', 5)], false), { little: false })
    expect(changed.open().text('file')).toBe('01234')
  })

  it('reads what a 32-bit machine wrote', () => {
    const changed = disk()
    const item = changed.item('file', inode => inode.writeBigUInt64BE(5n, 56), CORE_FIELDS, [], true)
    new Logbook(changed.image).record(transaction(1, [item]))
    expect(changed.open().text('file')).toBe('01234')
  })

  it('reads long records with several headers', () => {
    const changed = disk()
    const filler = changed.host.buffer(40, 8, 0, Buffer.alloc(1024))
    const items = [...Array.from({ length: 70 }, () => filler), changed.size('file', 5)]
    new Logbook(changed.image).record(transaction(1, items), { size: 256 * 1024 })
    const { messages, text } = changed.open()
    expect(messages).toEqual([])
    expect(text('file')).toBe('01234')
  })

  it('puts chunks of buffers in their places, unless the buffer was given up', () => {
    const changed = disk()
    const { start } = dataOf(changed)
    const chunk = Buffer.alloc(256, 'x')
    const write = changed.host.buffer(start / BB, 8, 2, chunk)
    const giveUp = changed.host.buffer(start / BB, 8, 0, Buffer.alloc(0), 2)
    new Logbook(changed.image).record(transaction(1, [write]))
    const want = Buffer.from(TEXT)
    chunk.copy(want, 256)
    expect(changed.open().text('file')).toBe(brief(want))
    for (const order of [
      [write, giveUp],
      [giveUp, write],
    ]) {
      const cancelled = disk()
      new Logbook(cancelled.image).record(transaction(1, order))
      expect(cancelled.open().text('file')).toBe('whole')
    }
    const reused = disk()
    new Logbook(reused.image)
      .record(transaction(1, [write]))
      .record(transaction(2, [giveUp]))
      .record(transaction(3, [write]))
    expect(reused.open().text('file')).toBe(brief(want))
  })

  it('puts logged extents and the roots of trees in their places', () => {
    const changed = disk()
    const { number } = changed.inodePlace('file')
    const { start, blocks } = dataOf(changed)
    const record = changed.fork('file').subarray(0, 16)
    const tree = treeBlock(version, number, record)
    // The tree's leaf is put into the block behind the file's, where nothing is.
    const place = start + blocks * 4096 + 40 * 4096
    const header = version === 'v5' ? 72 : 24
    const root = Buffer.alloc(header + 2 * 16)
    root.writeUInt16BE(1, 4)
    root.writeUInt16BE(1, 6)
    root.writeBigUInt64BE(BigInt(place / 4096), header + 2 * 8)
    const item = changed.item('file', inode => inode.writeUInt8(3, 5), CORE_FIELDS | ROOT, [root])
    const leaf = changed.host.buffer(place / BB, 8, 0, Buffer.concat([tree, Buffer.alloc(4096 - tree.length)]))
    new Logbook(changed.image).record(transaction(1, [leaf, item]))
    const { messages, text } = changed.open()
    expect(messages).toEqual([])
    expect(text('file')).toBe('whole')

    const shortened = disk()
    const one = Buffer.from(record)
    one.writeUInt32BE(((one.readUInt32BE(12) & ~0x1fffff) | 1) >>> 0, 12)
    new Logbook(shortened.image).record(transaction(1, [shortened.item('file', () => {}, CORE_FIELDS | EXTENTS, [one])]))
    expect(shortened.open().text('file')).toBe(brief(Buffer.concat([TEXT.subarray(0, 4096), Buffer.alloc(TEXT.length - 4096)])))
  })

  it('names what it cannot carry out, and goes on', () => {
    const changed = disk()
    const { host } = changed
    const items = [
      host.intent(0x1236, 11),
      host.intent(0x1244, 12, [8, 133], [8, 5], [8, 0], [4, 1], [4, 9]),
      host.intent(0x1244, 13, [8, 134], [8, 5], [8, 0], [4, 1], [4, 1]),
      host.intent(0x1245, 13),
      host.intent(0x1999, 14),
      changed.size('file', 5),
    ]
    new Logbook(changed.image).record(transaction(1, items))
    const { replay, messages, text } = changed.open()
    expect(replay.unfinished).toEqual(['extent free intent', 'block mapping intent of inode 133'])
    expect(messages).toEqual([
      'a change in the log of the XFS file system was not replayed: it is of the unknown kind 0x1999',
      expect.stringContaining('the log ends before an operation was carried out (block mapping intent of inode 133)'),
    ])
    expect(text('file')).toBe('01234')
  })

  it('carries out block mappings that the machine could not', () => {
    const changed = disk()
    const { number } = changed.inodePlace('file')
    const { start, block } = dataOf(changed)
    // The file's third block becomes a hole, and its second what its first is.
    const unmap = changed.host.intent(0x1244, 1, [8, number], [8, block + 2], [8, 2], [4, 1], [4, 2])
    const map = changed.host.intent(0x1244, 2, [8, number], [8, block], [8, 1], [4, 1], [4, 1])
    new Logbook(changed.image).record(transaction(1, [unmap, map]))
    const { replay, messages, text } = changed.open()
    const first = changed.image.subarray(start, start + 4096)
    expect(text('file')).toBe(brief(Buffer.concat([first, first, Buffer.alloc(TEXT.length - 8192)])))
    expect(replay.unfinished).toHaveLength(2)
    expect(messages).toEqual([])
  })

  it('ends before a record that was torn, as if it had never been begun', () => {
    for (const summed of [true, false]) {
      const changed = disk()
      const log = new Logbook(changed.image)
      log.record(transaction(1, [changed.size('file', 5)]), { summed })
      log.record(transaction(2, [changed.size('file', 8), changed.size('other', 1), changed.size('other', 2)]), { summed })
      // Its last block was not written: what the round before left lies there.
      changed.image.fill(0, log.place(1, BB * 2), log.place(1, BB * 2) + BB)
      const { replay, messages, text } = changed.open()
      expect(messages).toEqual([])
      expect(replay.transactions).toBe(1)
      expect([text('file'), text('other')]).toEqual(['01234', 'other'])
    }
  })

  it('stops at a damaged record in the middle, and says what that means', () => {
    const changed = disk()
    const log = new Logbook(changed.image)
    for (let tid = 1; tid <= 20; tid++) log.record(transaction(tid, [changed.size('file', tid)]))
    const place = log.place(4, BB + 100)
    changed.image.writeUInt8(changed.image.readUInt8(place) ^ 1, place)
    const { replay, messages, text } = changed.open()
    expect(replay).toMatchObject({ state: 'partly', transactions: 4 })
    expect(messages).toEqual([expect.stringContaining('what was logged from there on is missing')])
    expect(text('file')).toBe('0123')
  })

  it('refuses what it cannot trust', () => {
    const headless = disk()
    const { geometry } = new Logbook(headless.image, 50, 3).record(transaction(1, [headless.size('file', 5)]))
    headless.image.fill(0, geometry.at, geometry.at + BB)
    expect(headless.open()).toMatchObject({
      replay: { state: 'not' },
      messages: [expect.stringContaining('its end was not found')],
    })

    const foreign = disk()
    const log = new Logbook(foreign.image)
    log.geometry.uuid.fill(9)
    log.record(transaction(1, [foreign.size('file', 5)]))
    expect(foreign.open()).toMatchObject({ replay: { state: 'not' }, messages: [expect.stringContaining('another file system')] })

    const outside = disk()
    const far = outside.host.buffer(2 ** 40, 8, 0, Buffer.alloc(128))
    const big = outside.host.buffer(0, 60000, 0, Buffer.alloc(128))
    new Logbook(outside.image).record(transaction(1, [far, big, outside.size('file', 5)]))
    const { messages, text } = outside.open()
    expect(messages).toHaveLength(2)
    expect(text('file')).toBe('01234')
  })

  it('takes an operation that lies as the end of what can be followed', () => {
    const base = disk()
    const good = transaction(1, [base.size('file', 5)])
    const lies: Operation[][] = [
      [
        { tid: 2, flags: START, data: Buffer.alloc(0) },
        { tid: 2, flags: 0x40, data: Buffer.alloc(16) },
      ],
      [
        { tid: 2, flags: START, data: Buffer.alloc(0) },
        { tid: 2, flags: START, data: Buffer.alloc(0) },
      ],
      [
        { tid: 2, flags: START, data: Buffer.alloc(0) },
        { tid: 2, flags: 0, data: Buffer.alloc(99) },
      ],
      [
        ...transaction(2, [[base.host.pack([2, 0x123b], [2, 60000])]]).slice(0, 3),
        { tid: 2, flags: COMMIT, data: Buffer.alloc(0) },
      ],
      [...transaction(2, []).slice(0, 2), { tid: 2, flags: 0, data: Buffer.alloc(3) }],
      [...transaction(2, []).slice(0, 2), { tid: 2, flags: WAS_CONTINUED, data: Buffer.alloc(3) }],
    ]
    for (const lie of lies) {
      const lying = disk()
      new Logbook(lying.image).record(good).record(lie)
      const { replay, messages, text } = lying.open()
      expect(replay).toMatchObject({ state: 'partly', transactions: 1 })
      expect(messages).toHaveLength(1)
      expect(text('file')).toBe('01234')
    }
  })
})

it('lets what is newer on the disk stand (v5)', () => {
  const changed = new Disk(made.v5)
  const { place } = changed.inodePlace('file')
  changed.image.writeUInt32BE(5, place + 112)
  new Logbook(changed.image, 0, 4).record(transaction(1, [changed.size('file', 5)]))
  const { messages, text } = changed.open()
  expect(text('file')).toBe('whole')
  expect(messages).toEqual([expect.stringContaining('does not fit its checksum')])
})

it('lets an inode that was flushed oftener stand (v4)', () => {
  const changed = new Disk(made.v4)
  const { place } = changed.inodePlace('file')
  const item = changed.size('file', 5)
  changed.image.writeUInt16BE(77, place + 30)
  new Logbook(changed.image).record(transaction(1, [item]))
  expect(changed.open().text('file')).toBe('whole')
})

/** A leaf of a tree of extents with one record, without its sum: it is laid over the disk. */
function treeBlock(version: 'v4' | 'v5', inode: number, record: Buffer): Buffer {
  const header = Buffer.alloc(version === 'v5' ? 72 : 24)
  header.write(version === 'v5' ? 'BMA3' : 'BMAP')
  header.writeUInt16BE(1, 6)
  header.fill(0xff, 8, 24)
  if (version === 'v5') header.writeBigUInt64BE(BigInt(inode), 56)
  return Buffer.concat([header, record])
}

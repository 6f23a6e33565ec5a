/** Journals in raw bytes: what hangs together is read, whatever lies around it. */
import { describe, expect, test } from 'vitest'
import { memorySource } from '../../../src/bytes/source.ts'
import { carve } from '../../../src/formats/journal-file/carve.ts'
import { dice, sample, withoutTail } from './samples.ts'
import { Truth } from './truth.ts'

function noise(length: number): Buffer {
  const die = dice(length)
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(die() * 256)))
}

/** What is found in the bytes, with each finding's truth. */
function found(bytes: Buffer, truth: Truth): { offset: number; header: boolean; count: number; wrong: string[] }[] {
  return [...carve('raw', memorySource(bytes))].map(({ offset, header, entries }) => {
    const all = [...entries]
    return { offset, header, count: all.length, wrong: all.flatMap(entry => truth.wrong(entry)) }
  })
}

describe.each(['healthy-247', 'healthy-262'])('%s', name => {
  const journal = withoutTail(sample(name))
  const truth = new Truth(journal)

  test('a whole file in a disk', () => {
    const disk = Buffer.concat([noise(40_960), sample(name).subarray(0, journal.length + 8192), noise(4096)])
    expect(found(disk, truth)[0]).toEqual({ offset: 40_960, header: true, count: truth.count, wrong: [] })
  })

  test('a file whose first pages were written over', () => {
    const disk = Buffer.concat([noise(40_960), noise(8192), journal.subarray(8192), noise(5000)])
    expect(found(disk, truth)).toEqual([{ offset: 40_960, header: false, count: truth.count, wrong: [] }])
  })

  test('no more than noise', () => {
    expect(found(noise(300_000), truth)).toEqual([])
  })
})

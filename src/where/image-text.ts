import type { Contents, Image } from '../bytes/image/image.ts'
import type { TreeEntry } from '../bytes/tree.ts'
import { plain } from '../problems/frame.ts'
import { InputError } from '../problems/problem.ts'
import type { Place } from './image-path.ts'

/** What is on a disk, a line for each volume. */
export function diskText(image: Image): string {
  const rows = image.contents.map(one => [
    one.volume.name || 'whole disk',
    one.kind,
    amount(one.volume.source.size),
    notes(one, image),
  ])
  const widths = [0, 1, 2].map(column => Math.max(0, ...rows.map(row => (row[column] ?? '').length)))
  const lines = rows.map(row =>
    row
      .map((cell, column) => plain(cell).padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [`${image.forms.join(', ')} image`, ...lines].map(line => `${line}\n`).join('')
}

function notes(one: Contents, image: Image): string {
  const { fileSystem, volume } = one
  const notes: string[] = []
  if (image.hosts.some(({ label }) => label === one.label)) notes.push('root of a machine')
  if (fileSystem?.label) notes.push(`label ${fileSystem.label}`)
  if (fileSystem?.uuid) notes.push(`UUID ${fileSystem.uuid}`)
  if (fileSystem && fileSystem.replayed > 0)
    notes.push(`was not unmounted: ${fileSystem.replayed} transactions of its journal replayed`)
  if (volume.offset !== null && volume.name !== '') notes.push(`at ${volume.offset}`)
  return notes.join(', ')
}

/** A directory's entries, sorted; a file's own line. Times are UTC. */
export function directoryText({ root, path }: Place): string {
  const found = root.real(path)
  if (!found) throw new InputError(`${root.tree.label}:${path}: no such file`)
  if (found.entry.kind !== 'directory') return line(found.entry, null)
  const entries = [...root.tree.list(found.path)].sort((one, other) => (one.name < other.name ? -1 : 1))
  return entries.map(entry => line(entry, entry.kind === 'link' ? root.readlink([path, entry.name].join('/')) : null)).join('')
}

/** UTC, to the second. */
export function secondOf(time: number): string {
  return new Date(time / 1000).toISOString().replace('T', ' ').slice(0, 19)
}

const KINDS = { file: '-', directory: 'd', link: 'l', other: '?' } as const

function line({ name, kind, size, mtime }: TreeEntry, target: string | null): string {
  const time = mtime === null ? '-' : secondOf(mtime)
  const shown = kind === 'directory' ? '-' : `${size}`
  return `${KINDS[kind]} ${shown.padStart(12)} ${time.padEnd(19)} ${plain(name)}${target === null ? '' : ` -> ${plain(target)}`}\n`
}

/** `8 MiB` */
export function amount(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  return `${Number((bytes / 1024 ** unit).toFixed(1))} ${units[unit]}`
}

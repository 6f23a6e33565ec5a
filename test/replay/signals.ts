import type { Entry } from '../../src/entries/entry.ts'
import type { Event, History } from '../../src/replay/history.ts'
import { Ledger } from '../../src/replay/ledger.ts'
import { replay } from '../../src/replay/replay.ts'
import type { Match } from '../../src/signals/match.ts'

/** One line of a made log: what the matcher would have found in it. */
export interface Line {
  name: string
  values?: Record<string, string>
  /** Seconds after the first line; null for a form without times. */
  at?: number | null
  input?: string
  trust?: Entry['trust']
  speaker?: string | null
  message?: string
  subject?: string
  fold?: string[]
}

const START = 1_795_484_741_000_000

export function ledgerOf(lines: readonly Line[]): Ledger {
  const ledger = new Ledger()
  lines.forEach((line, seq) => {
    const entry = entryOf(line, seq)
    ledger.hear(entry)
    const definition = { fold: line.fold ?? [] } as unknown as Match['definition']
    ledger.add(entry, { name: line.name, values: { ...line.values }, definition })
  })
  return ledger
}

/** The history of the only boot in the log. */
export function historyOf(lines: readonly Line[]): History {
  const [history] = replay(ledgerOf(lines).all())
  if (!history) throw new Error('no history')
  return history
}

function entryOf(line: Line, seq: number): Entry {
  const at = line.at === undefined ? seq : line.at
  return {
    time: at === null ? null : START + at * 1e6,
    mono: null,
    seq,
    host: 'vm',
    machineId: null,
    boot: 'boot',
    boots: false,
    ident: 'systemd',
    pid: 1,
    speaker: line.speaker === undefined ? 'pid1' : line.speaker,
    trust: line.trust ?? 'trusted',
    message: line.message ?? `${line.name} ${JSON.stringify(line.values ?? {})}`,
    unit: line.subject ?? null,
    speakerUnit: null,
    ref: { input: line.input ?? 'log', line: seq + 1 },
  }
}

/** What the lines became, without the note of who was heard last. */
export function eventsOf(lines: readonly Line[]): Event[] {
  return historyOf(lines).events.filter(event => event.name !== 'pid1.heard')
}

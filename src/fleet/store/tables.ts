/** The store's tables, as `docs/fleet.md` tells them to people who ask in SQL. One place: tables, writer and document are made from it. */

/** Of the tables' shape; a store of another one is refused. */
export const STORE_SCHEMA = 'inquest-store/2'

export type ColumnType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP' | 'JSON'
export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

export interface Table {
  name: string
  about: string
  columns: readonly (readonly [name: string, type: ColumnType, about: string])[]
}

const ITEM = ['item', 'VARCHAR', 'the work item it comes from: content of the logs, tool and rules'] as const
const MACHINE = [
  ['host', 'VARCHAR', "the host's name"],
  ['machine_id', 'VARCHAR', 'null where no line tells it'],
] as const
const UTC = 'UTC'

export const TABLES: readonly Table[] = [
  {
    name: 'hosts',
    about: 'one row a machine: its worst incident, or why nothing is known of it',
    columns: [
      ITEM,
      ...MACHINE,
      ['fault', 'VARCHAR', 'why nothing could be read; null where it was read'],
      ['complete', 'BOOLEAN', 'false: part of its logs was lost or unreadable, so silence proves nothing'],
      ['boots', 'BIGINT', 'boots seen'],
      ['entries', 'BIGINT', 'entries read'],
      ['first_entry', 'TIMESTAMP', `first entry, ${UTC}`],
      ['last_entry', 'TIMESTAMP', `last entry, ${UTC}`],
      ['systemd', 'VARCHAR', 'version, in the boot of its worst incident; without one, in the last boot that tells it'],
      ['kernel', 'VARCHAR', 'release, of the same boot'],
      ['os', 'VARCHAR', 'name of the system, of the same boot'],
      ['rule', 'VARCHAR', 'of the worst incident of medium severity or above; null: none'],
      ['outcome', 'VARCHAR', 'of the same'],
      ['severity', 'VARCHAR', 'of the same'],
      ['confidence', 'VARCHAR', 'of the same'],
      ['incident', 'VARCHAR', 'its id'],
      ['moment', 'TIMESTAMP', `its decisive moment, ${UTC}`],
      ['current', 'BOOLEAN', 'it happened in the last boot seen'],
    ],
  },
  {
    name: 'boots',
    about: 'one row a boot',
    columns: [
      ITEM,
      ...MACHINE,
      ['boot', 'VARCHAR', "the journal's id, or boot-1, boot-2"],
      ['first_entry', 'TIMESTAMP', UTC],
      ['last_entry', 'TIMESTAMP', UTC],
      ['entries', 'BIGINT', 'entries read'],
      ['systemd', 'VARCHAR', 'version, where the log tells it'],
      ['kernel', 'VARCHAR', 'release, as uname -r has it'],
      ['os', 'VARCHAR', 'name of the system, as its os-release has it'],
      ['ended', 'VARCHAR', 'clean, cut, frozen, crashed, running, unknown'],
    ],
  },
  {
    name: 'incidents',
    about: 'one row a finding, as in inquest-report/1',
    columns: [
      ITEM,
      ...MACHINE,
      ['boot', 'VARCHAR', 'in which it happened'],
      ['incident', 'VARCHAR', 'its id'],
      ['rule', 'VARCHAR', 'inquest rules list'],
      ['outcome', 'VARCHAR', 'of the rule'],
      ['severity', 'VARCHAR', 'critical, high, medium, low, info'],
      ['confidence', 'VARCHAR', 'certain, strong, moderate, weak'],
      ['title', 'VARCHAR', 'the verdict in a line'],
      ['unit', 'VARCHAR', ''],
      ['alias', 'VARCHAR', ''],
      ['victim', 'VARCHAR', ''],
      ['moment', 'TIMESTAMP', `decisive moment, ${UTC}`],
      ['started', 'TIMESTAMP', `first trace, ${UTC}`],
      ['ended', 'TIMESTAMP', `last trace, ${UTC}`],
      ['systemd', 'VARCHAR', 'version, where the log tells it'],
      ['current', 'BOOLEAN', "the boot is the host's last one seen"],
      ['overwritten', 'TIMESTAMP', `the reload that overwrote the unit's state, ${UTC}; null where there was none`],
      ['asked_by', 'VARCHAR', 'unit or command that asked for that reload'],
      ['step_before', 'VARCHAR', 'the step right before that reload, by signal'],
      ['figures', 'JSON', ''],
      ['advice', 'JSON', 'what to do, in order: do, why, command, danger'],
      ['suspects', 'JSON', ''],
      ['collect', 'JSON', 'what would settle what is not known'],
    ],
  },
  {
    name: 'steps',
    about: 'the timeline of each incident',
    columns: [
      ITEM,
      ['host', 'VARCHAR', ''],
      ['incident', 'VARCHAR', ''],
      ['n', 'BIGINT', 'place in the timeline, from 1'],
      ['moment', 'TIMESTAMP', UTC],
      ['delta', 'DOUBLE', 'seconds from the decisive moment'],
      ['what', 'VARCHAR', 'what it means'],
      ['message', 'VARCHAR', 'the line itself'],
      ['signal', 'VARCHAR', ''],
      ['refs', 'JSON', 'where it stands: input, line, offset, cursor'],
    ],
  },
  {
    name: 'evidence',
    about: 'what each incident stands on',
    columns: [
      ITEM,
      ['host', 'VARCHAR', ''],
      ['incident', 'VARCHAR', ''],
      ['side', 'VARCHAR', 'for, against, unknown'],
      ['claim', 'VARCHAR', ''],
      ['refs', 'JSON', 'where it stands'],
    ],
  },
  {
    name: 'problems',
    about: 'what could not be read, and where',
    columns: [
      ITEM,
      ['path', 'VARCHAR', 'the log'],
      ['message', 'VARCHAR', ''],
      ['line', 'BIGINT', ''],
      ['byte', 'BIGINT', 'offset, where the log has no lines'],
    ],
  },
  {
    name: 'inputs',
    about: 'the logs of each item',
    columns: [
      ITEM,
      ['path', 'VARCHAR', ''],
      ['format', 'VARCHAR', 'the form it was read as; null where it was not read'],
      ['entries', 'BIGINT', ''],
      ['lost', 'BIGINT', 'entries known to be lost; null: some are, or nobody knows'],
      ['complete', 'BOOLEAN', ''],
    ],
  },
  {
    name: 'items',
    about: 'work that is done; what is in here is not done again',
    columns: [
      ITEM,
      ['run', 'BIGINT', 'in which it was done'],
      ['bytes', 'BIGINT', 'of its logs, as they are stored'],
      ['tool', 'VARCHAR', "inquest's version"],
      ['rules', 'VARCHAR', 'hash of the rules in force'],
      ['fault', 'VARCHAR', 'why nothing could be read'],
      ['again', 'BOOLEAN', 'the reason may be gone: the next run tries it again'],
    ],
  },
  {
    name: 'runs',
    about: 'one row a start of fleet run',
    columns: [
      ['run', 'BIGINT', 'from 1'],
      ['started', 'TIMESTAMP', UTC],
      ['ended', 'TIMESTAMP', `${UTC}; null: it was cut off, or is under way`],
      ['tool', 'VARCHAR', ''],
      ['rules', 'VARCHAR', ''],
      ['planned', 'BIGINT', 'items that its logs made'],
      ['done', 'BIGINT', 'of these done by it'],
      ['passed', 'JSON', 'names of files that lay among the logs and are none'],
    ],
  },
  {
    name: 'paths',
    about: "what each item reads, done or not (the store's own)",
    columns: [ITEM, ['path', 'VARCHAR', '']],
  },
  {
    name: 'sightings',
    about: "what a look at a file told, so that planning need not read it again (the store's own)",
    columns: [
      ['path', 'VARCHAR', ''],
      ['stat', 'VARCHAR', 'size, times and inode when it was looked at'],
      ['sight', 'JSON', ''],
    ],
  },
]

export const tableNamed = (name: string): Table => {
  const table = TABLES.find(each => each.name === name)
  if (!table) throw new Error(`the store has no table ${name}`)
  return table
}

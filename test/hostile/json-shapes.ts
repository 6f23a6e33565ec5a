/** JSON that no journald wrote: wrong types in known fields, repeats, nesting, numbers that no double holds. */
import fc from 'fast-check'

const FIELDS = [
  ...['MESSAGE', '__REALTIME_TIMESTAMP', '__MONOTONIC_TIMESTAMP', '__CURSOR', '_BOOT_ID', '_MACHINE_ID', '_HOSTNAME', '_PID'],
  ...['_COMM', '_TRANSPORT', 'SYSLOG_IDENTIFIER', 'SYSLOG_PID', 'UNIT', 'USER_UNIT', '_SYSTEMD_UNIT', 'PRIORITY'],
  // Of shippers and container runtimes.
  ...['log', 'stream', 'time', 'message', 'msg', '@timestamp', 'timestamp', 'host', 'hostname', 'syslog', 'kubernetes', 'fields'],
  ...['__proto__', 'constructor', 'toString', ''],
]
const NUMBERS = ['0', '-0', '-1', '1e999', '-1e999', '9007199254740993', '1795484741000000', '4294967296000000', '1.5e-300']
const TEXTS = [
  ...[
    'Freezing execution.',
    'Reloading requested from client PID 1 (\u0027systemctl\u0027)...',
    'rsyslog.service: Main process exited',
  ],
  ...['1795484741000000', '18446744073709551615', '-5', 'NaN', '1970-01-01T00:00:00Z', '2106-02-07T06:28:16Z', '275760-09-13'],
  ...['vm-web-07', '\x1b[31m', '\0', '\ud800', 'systemd', '1', 'b4e411756d944b56a7f2eb55d84326eb', '', '\n\n', 'a\nb'],
]

const scalar = fc.oneof(
  fc.constantFrom(...NUMBERS, 'true', 'null'),
  fc.constantFrom(...TEXTS).map(text => JSON.stringify(text)),
  fc.string({ unit: 'binary', maxLength: 30 }).map(text => JSON.stringify(text)),
)
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: -300, max: 300 }), { maxLength: 20 }).map(bytes => JSON.stringify(bytes)) },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }).map(values => `[${values.join(',')}]`) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.nat(3000).map(depth => `${'['.repeat(depth)}${']'.repeat(depth)}`) },
)
/** Written by hand, for JSON.stringify knows no repeated names. */
const object = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 12 })
  .map(pairs => `{${pairs.map(([name, held]) => `${JSON.stringify(name)}:${held}`).join(',')}}`)

/** Records one a line, in an array, indented, behind record separators, as server-sent events. */
const LAYOUTS: ((objects: readonly string[]) => string)[] = [
  objects => objects.join('\n'),
  objects => `[${objects.join(',\n')}]`,
  objects => objects.map(text => text.replaceAll(/([{,])"/g, '$1\n\t"')).join('\n'),
  objects => objects.map(text => `\x1e${text}\n`).join(''),
  objects => objects.map(text => `data: ${text}\n\n`).join(''),
]

export const strangeJson: fc.Arbitrary<string> = fc
  .tuple(fc.array(object, { minLength: 1, maxLength: 12 }), fc.constantFrom(...LAYOUTS))
  .map(([objects, layout]) => layout(objects))

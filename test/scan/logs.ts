/** Logs out of a number: forms, hosts, boots, speakers and damage as they come, with what the walk over lines must not be fooled by. */

/** Marsaglia's xorshift32. */
function dice(seed: number): (sides: number) => number {
  let state = (seed + 1) * 2654435761
  return sides => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % sides
  }
}

type Roll = ReturnType<typeof dice>

interface Line {
  time: number
  host: string
  boot: string
  ident: string
  pid: number | null
  message: string
}

const HOSTS = ['vm-web-07', 'db-1', 'größe']
const BOOTS = ['b4e411756d944b56a7f2eb55d84326eb', '1f9d2d8b5e604b1ca0e3f405162738f2']

/** What PID 1 says: mostly of units that come and go, now and then what a rule starts from. */
const PID1 = [
  'Starting worker@1.service - Worker 1...',
  'Started worker@1.service - Worker 1.',
  'worker@1.service: Deactivated successfully.',
  'Stopped worker@1.service - Worker 1.',
  'srv-data-vol1.mount: Deactivated successfully.',
  'srv-data.mount: Succeeded.',
  'Mounted srv-data.mount - Data.',
  'Unmounted /srv/data.',
  'Reached target Local File Systems.',
  'Started Flush Journal to Persistent Storage.',
  'Startup finished in 1.2s (kernel) + 3.4s (userspace) = 4.6s.',
  'Reloading.',
  "Reloading requested from client PID 77 ('systemctl')...",
  'Reexecuting.',
  'worker@1.service: Main process exited, code=exited, status=1/FAILURE',
  'Listening on syslog.socket - Syslog Socket.',
  'systemd 257.1-1 running in system mode (+PAM)',
  'Shutting down.',
]
const TRIGGERS = [
  'Freezing execution.',
  "Assertion 'UNIT(s)->job' failed at src/core/service.c:3741, function service_sigchld_event(). Aborting.",
  'Caught <ABRT>, dumped core as pid 3960.',
  'rsyslog.service: Found left-over process 1234 (rsyslogd) in control group while starting unit. Ignoring.',
]
const GIVEAWAYS = [
  'Failed to reload daemon: Connection timed out',
  'Created symlink /etc/systemd/system/syslog.service → /usr/lib/systemd/system/rsyslog.service.',
  '\u001b[31mred\u001b[0m Freezing execution.',
  '\u001b[31mF\u001b[0mreezing execution.',
  '[  12.345678] systemd[1]: Freezing execution.',
  'systemd[1]: Freezing execution.',
  'Rejected: destination has a full message queue, 3 matched rules; type="signal"',
  'dbus: Rejected: destination has a full message queue, 3 of it',
]
const OTHERS = [
  'connection closed by peer id=17',
  'user said "hello" and C:\\dir\\new',
  'tab\there, slash / there',
  'Cut short at the end …',
  'first line\nsecond line',
  '  indented',
  'trailing blanks   ',
  'naïve café ünïcode ✓',
  'a\u007fb',
  'x#012y and #011z',
  '',
  'ok',
  'Journal stopped',
]
const IDENTS = [
  'app',
  'sshd',
  'cron',
  'dockerd',
  'kernel',
  'systemd',
  'systemd-journald',
  'rsyslogd',
  'pid1',
  'systemctl',
  'my app',
  'logger',
  '(sd-pam)',
]

function lineOf(roll: Roll, time: number, calm: boolean, many: boolean): Line {
  const host = HOSTS[many || roll(8) === 0 ? roll(3) : 0] ?? ''
  const boot = BOOTS[roll(30) === 0 ? 1 : 0] ?? ''
  if (roll(3) === 0) {
    const messages = !calm && roll(60) === 0 ? TRIGGERS : PID1
    return { time, host, boot, ident: 'systemd', pid: roll(20) === 0 ? null : 1, message: messages[roll(messages.length)] ?? '' }
  }
  const ident = IDENTS[roll(3) === 0 ? roll(IDENTS.length) : roll(3)] ?? ''
  const odd = !calm && roll(20) === 0 ? GIVEAWAYS : OTHERS
  const message = roll(6) === 0 ? (odd[roll(odd.length)] ?? '') : `request ${roll(100_000)} served in ${roll(90)} ms`
  return { time, host, boot, ident, pid: roll(6) === 0 ? null : roll(2) === 0 ? 400 + roll(3) : 1 + roll(4000), message }
}

function json(line: Line, roll: Roll): string {
  const { time, host, boot, ident, pid, message } = line
  const kernel = ident === 'kernel' && roll(2) === 0
  const fields: [string, unknown][] = [
    ['__CURSOR', `s=edbe;i=${time.toString(16)}`],
    ['__REALTIME_TIMESTAMP', String(time)],
    ['__MONOTONIC_TIMESTAMP', '475a31'],
    ['_BOOT_ID', boot],
    ['_HOSTNAME', host],
    ['_TRANSPORT', kernel ? 'kernel' : 'journal'],
    ['SYSLOG_IDENTIFIER', ident],
    ['MESSAGE', message],
  ]
  if (pid !== null && !kernel) fields.push(['_PID', String(pid)], ['_COMM', roll(15) === 0 ? 'logger' : ident.slice(0, 15)])
  if (roll(3) === 0) fields.push(['_SYSTEMD_UNIT', `${ident}.service`])
  if (roll(4) === 0) fields.push(['_SOURCE_REALTIME_TIMESTAMP', roll(20) === 0 ? '0' : String(time - roll(900))])
  if (roll(3) === 0) fields.push(['_MACHINE_ID', '268ae3548b56a99c6a2f000000000000'])
  if (roll(5) === 0) fields.push(['_CMDLINE', '/usr/bin/x --name="a b" \\ é'])
  const odd = roll(60)
  if (odd === 0) fields.push(['MESSAGE', message.length % 2 ? null : [70, 114, 101]])
  if (odd === 1) fields.splice(roll(fields.length), 1)
  if (odd === 2) fields.push(['_PID', '1'])
  if (odd === 3) fields.sort(() => roll(3) - 1)
  if (odd === 4) fields.push(['N', 5], ['O', { a: 1 }])
  const text = `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
  return odd === 5 ? text.replaceAll('":"', '" : "') : odd === 6 ? text.replace('served', '\\u0073erved') : text
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const two = (value: number) => String(value).padStart(2, '0')

function text(line: Line, form: string): string {
  const date = new Date(line.time / 1000)
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  const day = date.getUTCDate()
  const micros = String(line.time % 1_000_000).padStart(6, '0')
  const iso = `${date.toISOString().slice(0, 10)}T${clock}`
  const stamps: Record<string, string> = {
    short: `${MONTHS[date.getUTCMonth()]} ${two(day)} ${clock}`,
    syslog: `${MONTHS[date.getUTCMonth()]} ${String(day).padStart(2, ' ')} ${clock}`,
    precise: `${MONTHS[date.getUTCMonth()]} ${two(day)} ${clock}.${micros}`,
    iso: `${iso}+0100`,
    rsyslog: `${iso}.${micros}+01:00`,
    zulu: `${iso}.${micros.slice(0, 3)}Z`,
    bare: `${iso.replace('T', ' ')},${micros.slice(0, 3)}`,
  }
  const tag = line.pid === null ? line.ident : `${line.ident}[${line.pid}]`
  const message =
    form === 'rsyslog' || form === 'syslog' ? line.message.replaceAll('\n', '#012') : line.message.replaceAll('\n', '\n    ')
  return `${stamps[form]} ${line.host} ${tag}: ${message}`
}

const FORMS = ['json', 'json', 'short', 'syslog', 'precise', 'iso', 'rsyslog', 'zulu', 'bare']
const SEPARATORS = ['-- Reboot --', `-- Boot ${BOOTS[0]} --`, `-- Boot ${BOOTS[1]} --`]
const BETWEEN = [
  '',
  ...SEPARATORS,
  'no header at all',
  '    continued',
  '{"torn":',
  '{}',
  '\u0000\u0000',
  '-- No entries --',
  '[  OK  ] Started Something.',
]
/** Around New Year, so that stamps without a year have something to say. */
const START = Date.UTC(2025, 11, 31, 23, 40) * 1000

export function logOf(seed: number): Buffer {
  const roll = dice(seed)
  for (let warm = 0; warm < 8; warm++) roll(2)
  const calm = roll(3) > 0
  const form = FORMS[roll(FORMS.length)] ?? 'json'
  const second = roll(6) === 0 ? (FORMS[roll(FORMS.length)] ?? 'json') : form
  const odd = roll(3) === 0 ? 12 : 400
  /** Lines from one separator to the next, of many hosts. */
  const parted = roll(5) === 0 ? 4 + roll(20) : 0
  const ending = roll(20) === 0 ? '\r\n' : '\n'
  const pace = [1000, 300_000, 20_000_000, 400_000_000][roll(4)] ?? 1000
  let time = START + roll(3_000_000_000)
  let log = ''
  for (let left = 20 + roll(roll(4) === 0 ? 900 : 150); left > 0; left--) {
    time += roll(odd) === 0 ? roll(5) * 7_000_000_000 - 9_000_000_000 : roll(pace)
    const line = lineOf(roll, time, calm, parted > 0)
    const here = roll(10) === 0 ? second : form
    log += (here === 'json' ? json(line, roll) : text(line, here)) + ending
    if (roll(odd) === 0) log += BETWEEN[roll(BETWEEN.length)] + ending
    if (parted > 0 && roll(parted) === 0) log += SEPARATORS[roll(SEPARATORS.length)] + ending
  }
  return spoiled(Buffer.from(log), roll)
}

/** A quarter of the logs is cut at either end, has bytes changed, or lost a piece. */
function spoiled(log: Buffer, roll: Roll): Buffer {
  const at = roll(log.length)
  switch (roll(12)) {
    case 0:
      return log.subarray(0, at)
    case 1:
      return log.subarray(at)
    case 2: {
      const bytes = Buffer.from(log)
      for (let count = roll(8); count >= 0; count--) bytes[roll(bytes.length)] = roll(256)
      return bytes
    }
    case 3:
      return Buffer.concat([log.subarray(0, at), log.subarray(at + roll(300))])
    default:
      return log
  }
}

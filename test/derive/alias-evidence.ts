/** More twins of alias-state-overwrite: what is missing, what speaks against it, and what a log of descriptions leaves open. */
import type { Wanted } from '../../src/rules/expectation.ts'
import type { Twins } from './case.ts'
import { Story } from './story.ts'

const ASSERT = /Code should not be reached/
const LINKED = /Created symlink .*syslog\.service/
const RELOADED = /Reloading finished/
const LINK = /Created symlink/
const PIN = /not loaded, refusing|Failed to listen|Job failed/
const RULE = 'alias-state-overwrite'
const US = { unit: 'rsyslog.service', alias: 'syslog.service' }
const KILLED = 'rsyslog.service: Main process exited, code=killed, status=9/KILL'

const race = Story.of('rsyslog-stoprace-255', 36)
const kill = Story.of('rsyslog-kill-257', 30)
const container = Story.of('rsyslog-container-257', 30)
const doubled = Story.of('rsyslog-doublestart-257', 34)
const guarded = Story.of('rsyslog-kill-262')

const others = ['pid1-crash', 'pid1-unreachable', 'bus-overflow', 'mount-storm']
const is = (outcome: string, more: Partial<Wanted> = {}) => ({
  incidents: [{ rule: RULE, outcome, ...more }],
  never: others,
  exit: more.severity ? 0 : 1,
})
const nothing = { incidents: [], never: [RULE, ...others], exit: 0 }
const benign = {
  incidents: [{ rule: 'leftover-process', outcome: 'benign', severity: 'info' }],
  never: [RULE, ...others],
  exit: 0,
}

export const aliasEvidence: Twins = {
  'exposed-link-after-reload': {
    about:
      'systemctl writes its link line a moment after PID 1 has logged the reload that this systemctl asked for; the log ends.',
    story: race.until(RELOADED).shift(LINK, 0.4),
    expected: is('exposed', { ...US, confidenceAtMost: 'moderate' }),
  },
  'stack-of-another-fault': {
    about: 'The function stands in a stack, but below a bad memory access, not below an assertion (as in systemd#6608).',
    story: Story.told([
      'gdb[901]: #0  0x00007f12a0d1b5f7 in raise () from /lib64/libc.so.6',
      'gdb[901]: #1  0x00007f12a2604ab3 in crash (sig=11) at src/core/main.c:168',
      'gdb[901]: #3  0x00007f12a2619b2a in service_sigchld_event (u=0x7f12a34872d0, pid=417, code=1, status=0) at src/core/service.c:2450',
    ]),
    expected: { incidents: [], never: [RULE, 'bus-overflow', 'mount-storm'] },
  },
  'stopped-before-the-left-over': {
    about: 'The unit is overwritten or not; it is seen to end before it is started again, so its left-over is an ordinary one.',
    story: doubled
      .before(/Found left-over/, 'rsyslog.service: Deactivated successfully.', { UNIT: 'rsyslog.service' })
      .before(/Found left-over/, 'Stopped rsyslog.service - System Logging Service.', { UNIT: 'rsyslog.service' }),
    expected: {
      incidents: [
        { rule: RULE, outcome: 'averted', ...US, severity: 'low' },
        { rule: 'leftover-process', outcome: 'benign', severity: 'info' },
      ],
      never: others,
      exit: 0,
    },
  },
  'linked-without-a-reload': {
    about: 'systemctl --no-reload enable: the link is made and PID 1 does not look. The left-over is not its doing.',
    story: doubled.without(/Reload/),
    expected: benign,
  },
  'link-of-a-unit-not-seen': {
    about: 'The log begins with the link: nothing shows that the unit ran.',
    story: race.from(LINKED).until(RELOADED),
    expected: nothing,
  },
  'guarding-version-is-silent': {
    about: 'A systemd that guards says nothing: the reload did not meet the dangerous state.',
    story: guarded
      .until(RELOADED)
      .before(/Reached target/, 'systemd 262.1-1 running in system mode (+PAM +AUDIT)')
      .without(/Unit file for/),
    expected: nothing,
  },
  'exits-and-names-it': {
    about: 'In a container, and the process is killed: the unit is named, PID 1 exits.',
    story: container.before(ASSERT, KILLED, { UNIT: 'rsyslog.service', PRIORITY: '5' }),
    expected: is('exited', { ...US, confidenceAtLeast: 'certain' }),
  },
  'exits-cut-head': {
    about: 'In a container; the log begins with the assertion.',
    story: container.from(ASSERT),
    expected: is('exited', { unit: null, confidenceAtMost: 'weak' }),
  },
  'double-start-cut-head': {
    about:
      'The log begins after the reload: a socket listens that its service had kept from it, and a known pair. The rest is not in it.',
    story: doubled.from(/Listening on syslog/),
    expected: is('double-start', { ...US, confidenceAtMost: 'moderate' }),
  },
  'unclean-exit-without-link': {
    about: 'The link was made by ln -s; the killed process names the unit.',
    story: Story.of('rsyslog-nolink-255', 26).before(ASSERT, KILLED, { UNIT: 'rsyslog.service', PRIORITY: '5' }),
    expected: is('froze', { ...US, confidenceAtLeast: 'strong', confidenceAtMost: 'strong' }),
  },
  'crash-without-link-or-socket': {
    about: 'No link, no refused socket: a running unit of a known pair whose daemon fell silent is a guess, and no more.',
    story: kill.without(LINK).without(PIN),
    expected: is('froze', { confidenceAtMost: 'weak' }),
  },
  'start-up-without-link': {
    about: 'A start that never ended and the socket that it pulled in; no link, and no pair that anybody knows.',
    story: Story.of('indexer-startup-257', 30).without(LINK),
    expected: is('froze', { unit: 'indexer.service', alias: 'search.service', confidenceAtMost: 'moderate' }),
  },
  'two-reloads-then-crash': {
    about: 'A second reload took the main PID away, and PID 1 asserts all the same: the link does not explain it well.',
    story: kill
      .add(RELOADED, "Reload requested from client PID 171 ('systemctl') (unit session-3.scope)...", {}, 0.3)
      .add(/client PID 171/, 'Reloading...', {}, 0.01)
      .add(/client PID 171/, 'Reloading finished in 97 ms.', {}, 0.1),
    expected: is('froze', { confidenceAtMost: 'moderate' }),
  },
  'heard-again': {
    about: 'Assertion and freeze in a plain log, link and reload before them, and PID 1 goes on: no more than weak.',
    story: race
      .without(/timed out|See system logs|Aborting$/)
      .add(/Freezing/, 'Started Daily apt upgrade and clean activities.', {}, 30),
    form: 'short',
    expected: is('froze', { confidenceAtMost: 'weak' }),
  },
  'averted-by-description': {
    about: 'A log with descriptions only: the unit is the one whose description has its name in it.',
    story: Story.told([
      'systemd[1]: Started Full-text indexer of the shop.',
      'systemctl[901]: Created symlink /etc/systemd/system/search.service → /lib/systemd/system/indexer.service.',
      "systemd[1]: Reloading requested from client PID 901 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
      'systemd[1]: Stopping Full-text indexer of the shop...',
      'systemd[1]: Stopped Full-text indexer of the shop.',
    ]),
    form: 'short',
    expected: is('averted', { unit: 'indexer.service', alias: 'search.service', severity: 'low', confidenceAtMost: 'moderate' }),
  },
  'started-though-running': {
    about: 'systemd 219-235 tells of no left-over: the unit is started a second time, and no line shows that it had ended.',
    story: Story.told([
      'systemd[1]: Started MariaDB 10.1.21 database server.',
      'systemctl[901]: Created symlink from /etc/systemd/system/mysql.service to /usr/lib/systemd/system/mariadb.service.',
      'systemd[1]: Reloading.',
      'systemd[1]: Starting MariaDB 10.1.21 database server...',
      'systemd[1]: Started MariaDB 10.1.21 database server.',
    ]).set(/MariaDB/, { UNIT: 'mariadb.service' }),
    expected: is('exposed', { unit: 'mariadb.service', alias: 'mysql.service', confidenceAtMost: 'moderate' }),
  },
  'linked-while-it-was-stopped': {
    about:
      'The link and the reload came while the unit was stopped; started since, it has nothing to do with the crash of another.',
    story: kill
      .before(LINKED, 'rsyslog.service: Deactivated successfully.', { UNIT: 'rsyslog.service' })
      .before(LINKED, 'Stopped rsyslog.service - System Logging Service.', { UNIT: 'rsyslog.service' })
      .add(RELOADED, 'Starting rsyslog.service - System Logging Service...', { UNIT: 'rsyslog.service' }, 0.2)
      .add(/^Starting rsyslog/, 'Started rsyslog.service - System Logging Service.', { UNIT: 'rsyslog.service' }, 2),
    expected: is('froze', { unit: null, confidenceAtMost: 'weak' }),
  },
  'both-ran': {
    about: 'Two units ran, and one name became the alias of the other: a living state was read over a living one.',
    story: Story.told([
      'systemd[1]: Started mysqld.service - MySQL database server.',
      'systemd[1]: Started mariadb.service - MariaDB database server.',
      "systemctl[901]: Created symlink '/etc/systemd/system/mysqld.service' → '/usr/lib/systemd/system/mariadb.service'.",
      "systemd[1]: Reload requested from client PID 901 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
      'systemd[1]: Code should not be reached at src/core/service.c:4064, function service_sigchld_event(). Aborting. 💥',
      'systemd[1]: Freezing execution.',
    ]),
    expected: is('froze', { unit: 'mariadb.service', alias: 'mysqld.service', confidenceAtMost: 'weak' }),
  },
  'two-units-of-one-description': {
    about: 'Descriptions only, and two units have the same: which of them was stopped cannot be told, so nothing is averted.',
    story: Story.told([
      'systemd[1]: Started App worker.',
      'systemd[1]: Started App worker.',
      'systemctl[901]: Created symlink /etc/systemd/system/app.service → /lib/systemd/system/worker.service.',
      "systemd[1]: Reloading requested from client PID 901 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
      'systemd[1]: Stopping App worker...',
      'systemd[1]: Stopped App worker.',
    ]),
    form: 'short',
    expected: nothing,
  },
  'alias-of-a-timer': {
    about: 'A timer has no process: its state may be overwritten, and nothing dies of it.',
    story: Story.told([
      'systemd[1]: Started backup.timer - Nightly backup.',
      "systemctl[901]: Created symlink '/etc/systemd/system/nightly.timer' → '/usr/lib/systemd/system/backup.timer'.",
      "systemd[1]: Reload requested from client PID 901 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
    ]),
    expected: nothing,
  },
  'two-aliases-of-one-unit': {
    about: 'enable makes both aliases of a unit that runs, and one reload follows: one unit may be overwritten, once.',
    story: Story.told([
      'systemd[1]: Started mariadb.service - MariaDB database server.',
      "systemctl[901]: Created symlink '/etc/systemd/system/mysql.service' → '/usr/lib/systemd/system/mariadb.service'.",
      "systemctl[901]: Created symlink '/etc/systemd/system/mysqld.service' → '/usr/lib/systemd/system/mariadb.service'.",
      "systemd[1]: Reload requested from client PID 901 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
    ]),
    expected: is('exposed', { unit: 'mariadb.service', alias: 'mysql.service', confidenceAtMost: 'moderate' }),
  },
  'unclean-exit-of-a-unit-without-alias': {
    about: 'The unit that the unclean exit names is not the one that the link is about, and no alias of it is known.',
    story: kill.before(ASSERT, 'nginx.service: Main process exited, code=killed, status=9/KILL', {
      UNIT: 'nginx.service',
      PRIORITY: '5',
    }),
    expected: is('froze', { unit: 'nginx.service', alias: null, confidenceAtMost: 'moderate' }),
  },
  'guarded-and-crashed': {
    about: 'PID 1 said that it kept the dead state off this unit, and asserts later all the same: it was not this.',
    story: kill.before(
      RELOADED,
      "Unit file for 'syslog.service' was overridden by a symlink to 'rsyslog.service'. Skipping stale state of old unit. Any processes from the overridden unit are now abandoned!",
    ),
    expected: is('froze', { unit: null, confidenceAtMost: 'weak' }),
  },
  'clock-set-back': {
    about: 'NTP sets the clock back by forty seconds right at the reload: the uptime goes on, and with it the order.',
    story: setBack(kill, RELOADED, 40),
    expected: is('froze', { ...US, confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' }),
  },
}

/** From that line on the wall clock is behind; the uptime is not. */
function setBack(story: Story, from: RegExp, seconds: number): Story {
  const first = story.entries.findIndex(entry => from.test(entry.MESSAGE ?? ''))
  const behind = (stamp = '') => String(Number(stamp) - seconds * 1_000_000)
  return new Story(
    story.entries.map((entry, index) =>
      index < first ? entry : { ...entry, __REALTIME_TIMESTAMP: behind(entry.__REALTIME_TIMESTAMP) },
    ),
  )
}

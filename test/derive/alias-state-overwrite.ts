/** Twins of alias-state-overwrite: the lab's runs with one thing changed, and the other orders in which it really happens. */
import type { Wanted } from '../../src/rules/expectation.ts'
import type { Twins } from './case.ts'
import { FORGED, Story, speaker } from './story.ts'

const ASSERT = /Code should not be reached/
const LINKED = /Created symlink .*syslog\.service/
const RELOADED = /Reloading finished/
const RULE = 'alias-state-overwrite'
const US = { unit: 'rsyslog.service', alias: 'syslog.service' }

const race = Story.of('rsyslog-stoprace-255', 36)
const kill = Story.of('rsyslog-kill-257', 30)
const doubled = Story.of('rsyslog-doublestart-257', 34)
const healthy = Story.of('healthy-257')

const froze = (more: Partial<Wanted> = {}): Wanted => ({ rule: RULE, outcome: 'froze', ...US, ...more })
const others = ['pid1-crash', 'pid1-unreachable', 'bus-overflow', 'mount-storm']
const is = (...incidents: Wanted[]) => ({ incidents, never: others, exit: incidents.some(each => !each.severity) ? 1 : 0 })
const nothing = { incidents: [], never: [RULE, ...others], exit: 0 }

/** The end of the machine in rsyslog-stoprace-255, for stories of other units. */
const crash = race.from(ASSERT)
const enable = (unit: string, alias: string, pid: string): Story =>
  race
    .from(LINKED)
    .until(RELOADED)
    .replace(/rsyslog\.service/, unit)
    .replace(/syslog\.service/, alias)
    .replace(/client PID \d+/, `client PID ${pid}`)
    .set(/Created symlink/, speaker('systemctl', pid))

export const aliasStateOverwrite: Twins = {
  fires: {
    about: 'rsyslog-stoprace-255: stop, link, reload, death, assertion, freeze.',
    story: race,
    expected: is(froze({ confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' })),
  },
  'reversed-order': {
    about:
      'Link and reload stand after the freeze: they cannot have caused it. The assertion still says what kind of end it was.',
    story: race
      .shiftFrom(/Restarting service rsyslog\.service/, 100)
      .shift(/Created symlink|Reloading/, 60)
      .without(/timed out|Connection timed|See system logs|Aborting$/),
    expected: is({ rule: RULE, outcome: 'froze', confidenceAtMost: 'moderate' }),
  },
  'reversed-order-double-start': {
    about:
      'The left-over is found before the link is made, and after the reload the unit is stopped in order: no double start by this link, and no harm.',
    story: doubled.shift(/Created symlink|Reload requested|Reloading/, 1.2).without(/Listening on syslog\.socket/),
    expected: { ...is({ rule: RULE, outcome: 'averted', ...US, severity: 'low' }), tolerated: [] },
  },
  'other-unit': {
    about: 'The left-over is of a unit that the link has nothing to do with.',
    story: doubled
      .set(/^rsyslog\.service: (Found|This)/, { UNIT: 'cron.service' })
      .replace(/^rsyslog\.service: (Found left-over process \d+) \(rsyslogd\)/, 'cron.service: $1 (cron)')
      .replace(/^rsyslog\.service: This/, 'cron.service: This')
      .without(/Listening on syslog\.socket/),
    expected: {
      incidents: [{ rule: 'leftover-process', unit: 'cron.service', outcomes: ['benign', 'suspect'], severity: 'info' }],
      tolerated: [RULE, 'leftover-process'],
    },
  },
  'outside-window': {
    about:
      'An unclean exit of the main process stands a minute before the assertion, not right before it: it is not the exit that the assertion is about.',
    story: kill
      .add(RELOADED, 'rsyslog.service: Main process exited, code=exited, status=1/FAILURE', { UNIT: 'rsyslog.service' })
      .shiftFrom(/exiting on signal 15/, 60),
    expected: is(froze({ confidenceAtMost: 'strong' })),
  },
  'other-boot': {
    about:
      'Link and reload in one boot, which ends in order with rsyslog stopped; the assertion in the next, where the link exists from the start.',
    story: healthy
      .until(/Startup finished/)
      .setAll({ _HOSTNAME: 'host-b0b0' })
      .followedBy(
        kill
          .until(RELOADED)
          .setAll({ _HOSTNAME: 'host-b0b0' })
          .set(/./, { _BOOT_ID: healthy.entries[0]?._BOOT_ID ?? '' }),
      )
      .add(RELOADED, 'Stopping rsyslog.service - System Logging Service...', { UNIT: 'rsyslog.service' }, 5)
      .add(/^Stopping rsyslog/, 'Stopped rsyslog.service - System Logging Service.', { UNIT: 'rsyslog.service' }, 1)
      .add(/^Stopped rsyslog/, 'Shutting down.', {}, 1)
      .followedBy(
        kill
          .without(/Created symlink|Reload|not loaded, refusing|Failed to listen|Job failed/)
          .later(600)
          .setAll({ _HOSTNAME: 'host-b0b0' }),
      ),
    expected: is(
      { rule: RULE, outcome: 'froze', confidenceAtMost: 'moderate' },
      { rule: RULE, outcome: 'averted', ...US, severity: 'low' },
    ),
  },
  'forged-speaker': {
    about: 'Assertion and freeze were written with logger(1): journald says PID 4711. PID 1 lives on and stops the unit.',
    story: race
      .without(/Caught|timed out|See system logs|Aborting$|Created symlink/)
      .set(/Code should not|Freezing/, FORGED)
      .add(/Freezing/, 'rsyslog.service: Deactivated successfully.', { UNIT: 'rsyslog.service' }, 1)
      .add(/^rsyslog.*Deactivated/, 'Stopped System Logging Service.', { UNIT: 'rsyslog.service' }),
    expected: nothing,
  },
  'forged-text': {
    about: 'The same in plain text, where nothing tells logger(1) from PID 1, except that PID 1 goes on talking. Never certain.',
    story: race
      .without(/Caught|timed out|See system logs|Aborting$|Created symlink/)
      .add(/Freezing/, 'rsyslog.service: Deactivated successfully.', { UNIT: 'rsyslog.service' }, 1)
      .add(/^rsyslog.*Deactivated/, 'Stopped System Logging Service.', { UNIT: 'rsyslog.service' }),
    form: 'short',
    expected: { incidents: [{ rule: RULE, outcome: 'froze', confidenceAtMost: 'moderate' }], never: others, exit: 1 },
  },
  'cut-head': {
    about: 'The log begins between the reload and the death: no link, no reload, no stop is in it.',
    story: crash,
    expected: is({ rule: RULE, outcome: 'froze', confidenceAtMost: 'moderate' }),
  },
  'cut-before-link': {
    about:
      'The log begins with the reload: the link is missing, the stop too. What is left is the assertion and a well-known pair.',
    story: race.from(/Reloading requested/),
    expected: is({ rule: RULE, outcome: 'froze', confidenceAtMost: 'moderate' }),
  },
  'cut-after-reload': {
    about: 'The log ends with the reload: the unit may be overwritten, more cannot be said.',
    story: race.until(RELOADED),
    expected: is({ rule: RULE, outcome: 'exposed', ...US, confidenceAtMost: 'moderate' }),
  },
  'cut-before-freeze': {
    about: 'The log ends with the assertion: how PID 1 ended is inferred from its source.',
    story: race.until(ASSERT),
    expected: is(froze({ confidenceAtMost: 'strong' })),
  },
  'cut-before-reload': {
    about: 'The log ends with the link: without a reload nothing happened yet.',
    story: race.until(LINKED),
    expected: nothing,
  },
  'kill-while-infected': {
    about: 'rsyslog-kill-257: no stop in flight, the main process is killed from outside.',
    story: kill,
    expected: is(froze({ confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' })),
  },
  'double-start': {
    about: 'rsyslog-doublestart-257: started again beside its own left-over; no freeze.',
    story: doubled,
    expected: is({ rule: RULE, outcome: 'double-start', ...US, confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' }),
  },
  'crash-without-link': {
    about: 'rsyslog-nolink-255: the link was made with ln -s; the socket that was refused and the pair are what is left.',
    story: Story.of('rsyslog-nolink-255', 26),
    expected: is(froze({ confidenceAtMost: 'strong' })),
  },
  'link-after-reload': {
    about: 'systemctl writes its link lines a moment after PID 1 has logged the reload: two writers, one event.',
    story: race.shift(/Created symlink/, 0.4),
    expected: is(froze({ confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' })),
  },
  'weeks-between': {
    about: 'Three weeks pass between the reload and the death of the process.',
    story: kill.later(-21 * 86_400).shiftFrom(/exiting on signal 15/, 21 * 86_400),
    expected: is(froze({ confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' })),
  },
  'during-start-up': {
    about: 'indexer-startup-257: infected while activating; Started never comes.',
    story: Story.of('indexer-startup-257', 30),
    expected: is({
      rule: RULE,
      outcome: 'froze',
      unit: 'indexer.service',
      alias: 'search.service',
      confidenceAtLeast: 'moderate',
      confidenceAtMost: 'strong',
    }),
  },
  'second-reload-disarms': {
    about: 'rsyslog-disarmed-257: the second reload takes the main PID away; which of the two overwrote cannot be told.',
    story: Story.of('rsyslog-disarmed-257', 30),
    expected: is({ rule: RULE, outcome: 'double-start', ...US, confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' }),
  },
  'shut-down-while-infected': {
    about: 'rsyslog-latent-257: every running unit is stopped, one is not.',
    story: Story.of('rsyslog-latent-257'),
    expected: is({ rule: RULE, outcome: 'latent', ...US, confidenceAtMost: 'strong' }),
  },
  'shut-down-uninfected': {
    about: 'The same, but the unit is stopped like all others: nothing was overwritten.',
    story: Story.of('rsyslog-latent-257')
      .before(/^Stopping cron\.service/, 'Stopping rsyslog.service - System Logging Service...', { UNIT: 'rsyslog.service' })
      .before(/^cron\.service: Deactivated/, 'rsyslog.service: Deactivated successfully.', { UNIT: 'rsyslog.service' })
      .before(/^cron\.service: Deactivated/, 'Stopped rsyslog.service - System Logging Service.', { UNIT: 'rsyslog.service' }),
    expected: is({ rule: RULE, outcome: 'averted', ...US, severity: 'low' }),
  },
  'several-pairs': {
    about: 'Two running units get an alias before the same reload; one is restarted in order afterwards, so it was the other.',
    story: race
      .until(LINKED)
      .before(/Stopping System Logging/, 'Started chrony.service - chrony, an NTP client/server.', { UNIT: 'chrony.service' })
      .followedBy(
        new Story(
          enable('chrony.service', 'chronyd.service', '139').entries.filter(entry =>
            /Created symlink.*chronyd/.test(entry.MESSAGE ?? ''),
          ),
        ),
      )
      .followedBy(race.from(/Reloading requested/))
      .add(RELOADED, 'Stopping chrony.service - chrony, an NTP client/server...', { UNIT: 'chrony.service' }, 1)
      .add(/^Stopping chrony/, 'chrony.service: Deactivated successfully.', { UNIT: 'chrony.service' })
      .add(/^chrony.*Deactivated/, 'Stopped chrony.service - chrony, an NTP client/server.', { UNIT: 'chrony.service' }),
    expected: is(froze({ confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' })),
  },
  'several-pairs-undecided': {
    about:
      'Two running units get an alias before the same reload and nothing more is heard of either: no way to tell them apart for certain.',
    story: kill
      .without(/rsyslogd\[|exiting on signal/)
      .before(LINKED, 'Started chrony.service - chrony, an NTP client/server.', { UNIT: 'chrony.service' })
      .before(
        /Reload requested/,
        "Created symlink '/etc/systemd/system/chronyd.service' → '/usr/lib/systemd/system/chrony.service'.",
        speaker('systemctl', '131'),
      ),
    expected: { incidents: [{ rule: RULE, outcome: 'froze', confidenceAtMost: 'moderate' }], never: others, exit: 1 },
  },
  'written-by-the-one-that-died': {
    about: "rsyslog's own file: it ends with the daemon and goes on after the reset. What happened between is not in it.",
    story: race
      .until(RELOADED)
      .followedBy(
        Story.of('rsyslog-reboot-255')
          .from(/Aborting$/)
          .without(/Aborting$|timed out/)
          .later(60)
          .setAll({ _HOSTNAME: race.entries[0]?._HOSTNAME ?? '' }),
      )
      .before(/Journal started/, 'Linux version 6.6.57.1 (root@build) #1 SMP', { SYSLOG_IDENTIFIER: 'kernel', _PID: '' })
      .before(/Journal started/, 'systemd 255.13 running in system mode (+PAM +AUDIT)'),
    form: 'short',
    expected: { incidents: [{ rule: RULE, outcome: 'exposed', ...US, confidenceAtMost: 'moderate' }], never: others, exit: 1 },
  },
  'unclean-exit-names-it': {
    about:
      'Killed with SIGKILL: PID 1 logs the end of the main process before the assertion, which names the unit. Every link of the chain is in the log.',
    story: kill
      .without(/exiting on signal 15/)
      .before(ASSERT, 'rsyslog.service: Main process exited, code=killed, status=9/KILL', {
        UNIT: 'rsyslog.service',
        PRIORITY: '5',
      }),
    expected: is(froze({ confidenceAtLeast: 'certain' })),
  },
  'unclean-exit-of-another': {
    about: "Another unit's process died right before, and PID 1 dealt with it: Failed with result. It is not the one.",
    story: kill
      .before(ASSERT, 'cron.service: Main process exited, code=killed, status=9/KILL', { UNIT: 'cron.service', PRIORITY: '5' })
      .before(ASSERT, "cron.service: Failed with result 'signal'.", { UNIT: 'cron.service', PRIORITY: '4' }),
    expected: is(froze({ confidenceAtMost: 'strong' })),
  },
  'becomes-the-alias': {
    about: 'The other direction (systemd#9315): the running unit is the one whose name becomes the alias.',
    story: Story.told([
      'systemd[1]: Starting mysqld.service - MySQL database server...',
      'systemd[1]: Started mysqld.service - MySQL database server.',
      "systemctl[901]: Created symlink '/etc/systemd/system/mysqld.service' → '/usr/lib/systemd/system/mariadb.service'.",
      "systemd[1]: Reload requested from client PID 901 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
      'systemd[1]: Code should not be reached at src/core/service.c:4064, function service_sigchld_event(). Aborting. 💥',
      'systemd[1]: Caught <ABRT>, from our own process.',
      'systemd[1]: Caught <ABRT>, dumped core as pid 1001.',
      'systemd[1]: Freezing execution.',
    ]),
    expected: is({
      rule: RULE,
      outcome: 'froze',
      unit: 'mariadb.service',
      alias: 'mysqld.service',
      confidenceAtLeast: 'moderate',
      confidenceAtMost: 'strong',
    }),
  },
  'becomes-the-alias-unlinked': {
    about: 'systemd#5374: disable takes the links away, enable makes them again, a reload after each, while the unit runs.',
    story: Story.told([
      'systemd[1]: Started mariadb.service - MariaDB 10.1.21 database server.',
      "systemctl[901]: Removed '/etc/systemd/system/mysql.service'.",
      "systemctl[901]: Removed '/etc/systemd/system/mysqld.service'.",
      "systemd[1]: Reload requested from client PID 901 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
      "systemctl[940]: Created symlink '/etc/systemd/system/mysql.service' → '/usr/lib/systemd/system/mariadb.service'.",
      "systemctl[940]: Created symlink '/etc/systemd/system/mysqld.service' → '/usr/lib/systemd/system/mariadb.service'.",
      "systemd[1]: Reload requested from client PID 940 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
      'systemd[1]: Code should not be reached at src/core/service.c:4064, function service_sigchld_event(). Aborting. 💥',
      'systemd[1]: Caught <ABRT>, from our own process.',
      'systemd[1]: Freezing execution.',
    ]),
    expected: is({
      rule: RULE,
      outcome: 'froze',
      unit: 'mariadb.service',
      confidenceAtLeast: 'moderate',
      confidenceAtMost: 'strong',
    }),
  },
  'relinked-without-a-reload': {
    about: 'The link is removed and made again with no reload between: PID 1 never saw the name on its own.',
    story: Story.told([
      'systemd[1]: Started mariadb.service - MariaDB 10.1.21 database server.',
      "systemctl[901]: Removed '/etc/systemd/system/mysql.service'.",
      "systemctl[901]: Created symlink '/etc/systemd/system/mysql.service' → '/usr/lib/systemd/system/mariadb.service'.",
      "systemd[1]: Reload requested from client PID 901 ('systemctl') (unit session-3.scope)...",
      'systemd[1]: Reloading...',
      'systemd[1]: Reloading finished in 90 ms.',
      'cron[98]: (root) CMD (true)',
    ]),
    expected: nothing,
  },
  'control-process': {
    about: 'The assertion is the one for the control process (service.c:4058 in 255.13): ExecStop= was running at the overwrite.',
    story: race.replace(/service\.c:3864/, 'service.c:4058'),
    expected: is(froze({ confidenceAtMost: 'strong' })),
  },
  'control-process-without-link': {
    about: "The control process's assertion and no link anywhere: PID 1 crashed in this function, and that is not silence.",
    story: race
      .replace(/service\.c:3864/, 'service.c:4058')
      .without(/Created symlink|not loaded, refusing|Failed to listen|Job failed/),
    expected: {
      incidents: [{ rule: 'pid1-crash', outcome: 'froze' }],
      tolerated: [],
      never: ['pid1-unreachable', 'bus-overflow'],
      exit: 1,
    },
  },
  exits: {
    about: 'rsyslog-container-257: in a container PID 1 exits instead of freezing.',
    story: Story.of('rsyslog-container-257', 30),
    expected: is({ rule: RULE, outcome: 'exited', ...US, confidenceAtLeast: 'moderate', confidenceAtMost: 'strong' }),
  },
  guarded: {
    about: 'rsyslog-kill-262: this systemd guards and says so.',
    story: Story.of('rsyslog-kill-262', 30),
    expected: is({ rule: RULE, outcome: 'averted', ...US, severity: 'low' }),
  },
  'guard-forged': {
    about: 'The guard line comes from logger(1): it is refuted, and what the link and the reload did stays open.',
    story: race
      .until(RELOADED)
      .before(
        RELOADED,
        "Unit file for 'syslog.service' was overridden by a symlink to 'rsyslog.service'. Skipping stale state of old unit. Any processes from the overridden unit are now abandoned!",
        FORGED,
      ),
    expected: is({ rule: RULE, outcome: 'exposed', ...US, confidenceAtMost: 'moderate' }),
  },
  'wants-link-only': {
    about: 'enable makes no alias, only a link below multi-user.target.wants: nothing to report.',
    story: race.until(RELOADED).without(/system\/syslog\.service/),
    expected: nothing,
  },
  'not-running': {
    about: 'The unit was stopped, and Stopped, before the link and the reload: nothing to overwrite.',
    story: race
      .until(RELOADED)
      .add(/Stopping System Logging/, 'rsyslog.service: Deactivated successfully.', { UNIT: 'rsyslog.service' })
      .add(/rsyslog.*Deactivated/, 'Stopped System Logging Service.', { UNIT: 'rsyslog.service' }),
    expected: nothing,
  },
}

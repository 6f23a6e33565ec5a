/** Twins of pid1-unreachable. */
import type { Twins } from './case.ts'
import { FORGED, Story, speaker } from './story.ts'

const RULE = 'pid1-unreachable'
const CRASH = /Code should not|Caught|Freezing|Created symlink/
const lostOnes = Story.of('rsyslog-stoprace-255', 36).without(CRASH)
const never = ['alias-state-overwrite', 'pid1-crash', 'bus-overflow', 'mount-storm']
const lost = { incidents: [{ rule: RULE, outcome: 'lost', confidenceAtMost: 'moderate' }], never, exit: 1 }
const nothing = { incidents: [], never: [RULE, ...never], exit: 0 }
const LOST = 'Failed to list units: Transport endpoint is not connected'
const CLIENT = { ...FORGED, SYSLOG_IDENTIFIER: 'systemctl', SYSLOG_PID: '4711', _COMM: 'systemctl' }
const KERNEL = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', _PID: '', _COMM: '', _SYSTEMD_UNIT: '' }
const HEARD = 'Started session-4.scope - Session 4 of User root.'

export const pid1Unreachable: Twins = {
  fires: { about: 'rsyslog-stoprace-255 without what PID 1 said at its end.', story: lostOnes, expected: lost },
  'reversed-order': {
    about: 'PID 1 is heard after the last client failed: it lives.',
    story: lostOnes.add(/Aborting$/, HEARD, {}, 60),
    expected: nothing,
  },
  'other-service': {
    about: 'Another service could not be activated: that is not PID 1.',
    story: lostOnes.without(/Connection timed out/).replace(/org\.freedesktop\.systemd1/, 'org.bluez'),
    expected: nothing,
  },
  'outside-window': {
    about: 'Clients fail ten minutes after a re-execution: that is not its short gap.',
    story: lostOnes
      .replace(/Reloading requested/, 'Reexecuting requested')
      .replace(/^Reloading\.\.\.$/, 'Reexecuting.')
      .shiftFrom(/timed out/, 600),
    expected: lost,
  },
  'within-reexec': {
    about: 'One client fails in the second in which PID 1 re-executes, and the log ends there.',
    story: lostOnes
      .until(/^Reloading\.\.\.$/)
      .replace(/Reloading requested/, 'Reexecuting requested')
      .replace(/^Reloading\.\.\.$/, 'Reexecuting.')
      .add(/Reexecuting\./, LOST, CLIENT, 0.2),
    expected: nothing,
  },
  'after-reexec': {
    about: 'The same, and PID 1 is heard again as its new self.',
    story: lostOnes
      .until(/^Reloading\.\.\.$/)
      .replace(/Reloading requested/, 'Reexecuting requested')
      .replace(/^Reloading\.\.\.$/, 'Reexecuting.')
      .add(/Reexecuting\./, LOST, CLIENT, 0.2)
      .add(/Failed to list units/, 'systemd 255.13 running in system mode (+PAM +AUDIT)', {}, 0.2),
    expected: nothing,
  },
  'other-boot': {
    about: 'PID 1 is heard again, but in the next boot.',
    story: lostOnes.followedBy(
      Story.of('rsyslog-reboot-255', 12)
        .later(3600)
        .setAll({ _HOSTNAME: lostOnes.entries[0]?._HOSTNAME ?? '' }),
    ),
    expected: lost,
  },
  'forged-speaker': {
    about: 'logger(1) says that PID 1 lives: that does not clear it.',
    story: lostOnes.add(/Aborting$/, HEARD, FORGED, 60),
    expected: lost,
  },
  'shutting-down': {
    about: 'Clients lose PID 1 while the machine goes down in order.',
    story: lostOnes.before(/timed out/, 'Shutting down.'),
    expected: nothing,
  },
  'cut-head': { about: "Only the clients' lines are left.", story: lostOnes.from(/timed out/), expected: lost },
  'kernel-failed': {
    about: 'The kernel had an oops right before.',
    story: lostOnes.before(/timed out/, 'Oops: 0000 [#1] SMP PTI', { ...KERNEL }),
    expected: lost,
  },
  'broker-died': {
    about: 'The bus itself died: its clients fail then whatever PID 1 does.',
    story: lostOnes.before(/timed out/, 'Caught SIGCHLD of broker.', speaker('dbus-broker-launch', '77')),
    expected: { ...lost, incidents: [{ rule: RULE, outcome: 'lost', confidenceAtMost: 'weak' }] },
  },
  'bus-full-days-before': {
    about: 'The bus was full three days before, and that was over: it does not explain why PID 1 is lost now.',
    story: lostOnes
      .before(/Startup finished/, 'Failed to propagate agent release message: No buffer space available')
      .shiftFrom(/Startup finished/, 3 * 86_400),
    expected: {
      incidents: [
        { rule: RULE, outcome: 'lost' },
        { rule: 'bus-overflow', outcome: 'recovered' },
      ],
      never: ['alias-state-overwrite', 'pid1-crash'],
      exit: 1,
    },
  },
  'bus-died': {
    about: 'The bus was full before: that is the incident, PID 1 is only behind it.',
    story: lostOnes.before(/timed out/, 'Failed to propagate agent release message: No buffer space available'),
    expected: {
      incidents: [{ rule: 'bus-overflow', outcomes: ['overflow', 'recovered'] }],
      never: ['alias-state-overwrite', 'pid1-crash', RULE],
      exit: 1,
    },
  },
}

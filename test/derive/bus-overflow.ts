/** Twins of bus-overflow. */
import type { Twins } from './case.ts'
import { type Fields, FORGED, Story, speaker } from './story.ts'

const RULE = 'bus-overflow'
const REJECTED = /Rejected: destination/
const flood = Story.of('mounts-fullqueue-252')
const refusals = new Story(flood.only(REJECTED).entries.slice(0, 40))
const quiet = flood.until(/Started systemd-logind/).without(REJECTED)
const story = quiet.followedBy(refusals)
const never = ['alias-state-overwrite', 'pid1-crash', 'pid1-unreachable']
const full = (victim = 'systemd-logind', outcomes = ['overflow', 'recovered']) => ({
  incidents: [{ rule: RULE, outcomes, victim }],
  never,
  exit: 1,
})
const nothing = { incidents: [], never: [RULE, ...never, 'mount-storm'], exit: 0 }

/** Lines of the same machine and boot. */
const here = (lines: string[], more: Fields) =>
  Story.told(lines, { _HOSTNAME: story.entries[0]?._HOSTNAME ?? '', _BOOT_ID: story.entries[0]?._BOOT_ID ?? '', ...more })
const cut = quiet.followedBy(
  here(
    ['dbus-broker[77]: Peer :1.4 is being disconnected as it does not have the resources to receive a signal it subscribed to.'],
    { ...after(quiet, 5), ...speaker('dbus-broker', '77') },
  ),
)

export const busOverflow: Twins = {
  fires: { about: 'mounts-fullqueue-252, its first forty refusals.', story, expected: full('systemd-logind', ['overflow']) },
  recovers: {
    about: 'Two minutes later a session is made again: it is over.',
    story: story.followedBy(here(['systemd-logind[85]: New session 4 of user root.'], after(story, 120))),
    expected: full('systemd-logind', ['recovered']),
  },
  'reversed-order': {
    about: 'The session was made before the flood: that is no sign of its end.',
    story: quiet.followedBy(here(['systemd-logind[85]: New session 4 of user root.'], after(quiet, 1))).followedBy(refusals),
    expected: full('systemd-logind', ['overflow']),
  },
  'other-victim': {
    about: 'Another client does not read: the last brackets name it, destination= stays the bus.',
    story: story.replace(
      /\(uid=0 pid=85 comm="\/lib\/systemd\/systemd-logind"\)/,
      '(uid=998 pid=640 comm="/usr/lib/polkit-1/polkitd --no-debug ")',
    ),
    expected: full('polkitd'),
  },
  'outside-window': {
    about: 'Two floods an hour apart: two incidents, the first one over.',
    story: story.followedBy(refusals.later(3600)),
    expected: {
      incidents: [
        { rule: RULE, outcomes: ['overflow', 'recovered'] },
        { rule: RULE, outcomes: ['overflow', 'recovered'] },
      ],
      never,
      exit: 1,
    },
  },
  'other-boot': {
    about: 'The same in two boots: two incidents.',
    story: story.followedBy(story.later(600).setAll({ _BOOT_ID: 'c0'.repeat(16) })),
    expected: {
      incidents: [
        { rule: RULE, outcomes: ['overflow', 'recovered'] },
        { rule: RULE, outcomes: ['overflow', 'recovered'] },
      ],
      never,
      exit: 1,
    },
  },
  'forged-speaker': {
    about: 'logger(1) writes one refusal under the name of dbus-daemon: never certain.',
    story: quiet.followedBy(
      new Story(refusals.entries.slice(0, 1)).setAll({ ...FORGED, SYSLOG_IDENTIFIER: 'dbus-daemon', SYSLOG_PID: '82' }),
    ),
    expected: { incidents: [], tolerated: [], never, exit: 0 },
  },
  'cut-head': {
    about: "Only clients' ENOBUFS is left: whose queue it was is unknown.",
    story: Story.told([
      'systemd-logind[85]: Failed to start session scope session-7.scope: No buffer space available',
      'systemd[1]: Failed to propagate agent release message: No buffer space available',
    ]),
    expected: { incidents: [{ rule: RULE, outcome: 'overflow', confidenceAtMost: 'moderate' }], never, exit: 1 },
  },
  'other-speaker': {
    about: 'The same text from programs that are no clients of the bus.',
    story: Story.told([
      'ping[901]: sendmsg: No buffer space available',
      'tor2web[902]: fatal: socket: No buffer space available',
      'dhclient[903]: send_packet: No buffer space available',
      'kernel[904]: netlink: No buffer space available',
    ]),
    expected: nothing,
  },
  policy: {
    about: 'Refused by policy: `Rejected send message` is not a full queue.',
    story: Story.told([
      'dbus-daemon[589]: [system] Rejected send message, 2 matched rules; type="error", sender=":1.1" (uid=0 pid=1 comm="/sbin/init")',
    ]),
    expected: nothing,
  },
  broker: {
    about: 'dbus-broker drops no message, it cuts the client off.',
    story: cut,
    expected: { incidents: [{ rule: RULE, outcomes: ['overflow', 'recovered'] }], never, exit: 1 },
  },
  'broker-recovers': {
    about: 'The broker cut a client off; two minutes later a session is made.',
    story: cut.followedBy(here(['systemd-logind[85]: New session 4 of user root.'], after(quiet, 125))),
    expected: { incidents: [{ rule: RULE, outcome: 'recovered' }], never, exit: 1 },
  },
}

function after(earlier: Story, seconds: number) {
  const last = earlier.entries.at(-1) ?? {}
  const add = (field: string) => String(Number(last[field]) + seconds * 1_000_000)
  return { __REALTIME_TIMESTAMP: add('__REALTIME_TIMESTAMP'), __MONOTONIC_TIMESTAMP: add('__MONOTONIC_TIMESTAMP') }
}

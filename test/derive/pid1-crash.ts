/** Twins of pid1-crash. */
import type { Twins } from './case.ts'
import { FORGED, Story } from './story.ts'

const RULE = 'pid1-crash'
const segv = Story.of('pid1-segv-257', 14)
const never = ['alias-state-overwrite', 'pid1-unreachable', 'bus-overflow', 'mount-storm']
const froze = { incidents: [{ rule: RULE, outcome: 'froze' }], never, exit: 1 }
const nothing = { incidents: [], never: [RULE, ...never], exit: 0 }

export const pid1Crash: Twins = {
  fires: {
    about: 'pid1-segv-257: a process sends SEGV to PID 1, which names it, dumps core and freezes.',
    story: segv,
    expected: {
      ...froze,
      incidents: [{ rule: RULE, outcome: 'froze', confidenceAtLeast: 'certain', figures: { sender: '^122$' } }],
    },
  },
  'reversed-order': {
    about: 'The freeze stands before the signal (two writers, one second): one crash all the same.',
    story: segv.shift(/Freezing/, -0.5),
    expected: froze,
  },
  'user-manager': {
    about: "systemd[812] is a user manager: its crash is not the machine's.",
    story: segv
      .without(/Connection refused/)
      .set(/Caught|Freezing/, { _PID: '812', _SYSTEMD_UNIT: 'user@1000.service', _UID: '1000' }),
    expected: nothing,
  },
  'service-segv': {
    about: 'A service dies of SEGV, PID 1 says so and lives.',
    story: segv
      .until(/Startup finished/)
      .add(/Startup finished/, 'cron.service: Main process exited, code=killed, status=11/SEGV', { UNIT: 'cron.service' }, 1)
      .add(/status=11/, "cron.service: Failed with result 'signal'.", { UNIT: 'cron.service' }),
    expected: nothing,
  },
  'outside-window': {
    about: 'An automount was requested a minute before the assertion: it is not named as the unit.',
    story: Story.told([
      'systemd[1]: Started cron.service - Regular background program processing daemon.',
      'systemd[1]: proc-sys-fs-binfmt_misc.automount: Got automount request for /proc/sys/fs/binfmt_misc, triggered by 1767 (ls)',
      "systemd[1]: Assertion 'path' failed at src/basic/mkdir.c:79, function mkdir_parents_internal(). Aborting.",
      'systemd[1]: Caught <ABRT>, dumped core as pid 1768.',
      'systemd[1]: Freezing execution.',
    ]).shiftFrom(/Assertion/, 60),
    expected: { ...froze, incidents: [{ rule: RULE, outcome: 'froze', unit: null }] },
  },
  'names-the-automount': {
    about: 'The same within a second: the automount is the unit at work.',
    story: Story.told([
      'systemd[1]: Started cron.service - Regular background program processing daemon.',
      'systemd[1]: proc-sys-fs-binfmt_misc.automount: Got automount request for /proc/sys/fs/binfmt_misc, triggered by 1767 (ls)',
      "systemd[1]: Assertion 'path' failed at src/basic/mkdir.c:79, function mkdir_parents_internal(). Aborting.",
      'systemd[1]: Caught <ABRT>, dumped core as pid 1768.',
      'systemd[1]: Freezing execution.',
    ]),
    expected: { ...froze, incidents: [{ rule: RULE, outcome: 'froze', unit: 'proc-sys-fs-binfmt_misc.automount' }] },
  },
  'other-boot': {
    about: 'Two boots, a crash in each: two incidents.',
    story: segv.followedBy(segv.later(3600).setAll({ _BOOT_ID: 'c0'.repeat(16) })),
    expected: {
      incidents: [
        { rule: RULE, outcome: 'froze' },
        { rule: RULE, outcome: 'froze' },
      ],
      never,
      exit: 1,
    },
  },
  'forged-speaker': {
    about: 'logger(1) wrote it, journald knows: nothing.',
    story: segv
      .without(/Caught|Connection refused/)
      .set(/Freezing/, FORGED)
      .add(/Freezing/, 'Started session-4.scope - Session 4 of User root.', {}, 1),
    expected: nothing,
  },
  'forged-text': {
    about: 'The same in plain text: PID 1 is heard again after its own freeze. Not more than weak.',
    story: segv.without(/Caught|Connection refused/).add(/Freezing/, 'Started session-4.scope - Session 4 of User root.', {}, 1),
    form: 'short',
    expected: { incidents: [{ rule: RULE, outcome: 'froze', confidenceAtMost: 'weak' }], never, exit: 1 },
  },
  'cut-head': {
    about: 'The log begins with the freeze: why is unknown.',
    story: segv.from(/Freezing/),
    expected: { ...froze, incidents: [{ rule: RULE, outcome: 'froze', confidenceAtMost: 'moderate' }] },
  },
  'cut-tail': {
    about: 'The log ends with the signal: how PID 1 ended is not in it.',
    story: segv.until(/Caught/),
    expected: { ...froze, incidents: [{ rule: RULE, outcome: 'froze', confidenceAtMost: 'moderate' }] },
  },
  'orderly-exit': {
    about: "A container's PID 1 exits after an orderly shutdown: no crash.",
    story: Story.of('rsyslog-latent-257')
      .add(/Shutting down\./, 'Exiting PID 1...', {}, 0.1)
      .without(/symlink|Reload/),
    expected: nothing,
  },
  'reload-failed': {
    about: 'A reload fails for want of space and PID 1 goes on.',
    story: segv
      .until(/Startup finished/)
      .add(/Startup finished/, 'Failed to serialize state: No space left on device', {}, 1)
      .add(/serialize/, 'Failed to reload: No space left on device'),
    expected: nothing,
  },
  exits: {
    about: "A container's PID 1 gets the signal: it exits where another freezes, and its machine is the container only.",
    story: segv.replace(/Freezing execution\./, 'Exiting PID 1...').without(/Connection refused/),
    expected: { incidents: [{ rule: RULE, outcome: 'exited' }], never, exit: 1 },
  },
  reboots: {
    about: 'CrashAction=reboot: PID 1 crashes and reboots the machine.',
    story: segv.replace(/Freezing execution\./, 'Rebooting now...').without(/Connection refused/),
    expected: { incidents: [{ rule: RULE, outcome: 'rebooted' }], never, exit: 1 },
  },
  'look-alike': {
    about: 'Link, stop, reload, and then an assertion of another function in the same second (systemd#24577): no overwrite.',
    story: Story.of('rsyslog-stoprace-255', 36).replace(
      /Code should not be reached at src\/core\/service\.c:3864, function service_sigchld_event\(\)\. Aborting\. 💥/,
      "Assertion 'hashmap_isempty(m->jobs)' failed at src/core/manager.c:1474, function manager_clear_jobs_and_units(). Aborting.",
    ),
    expected: froze,
  },
}

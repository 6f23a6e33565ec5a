/** Twins of leftover-process. */
import type { Twins } from './case.ts'
import { FORGED, Story } from './story.ts'

const RULE = 'leftover-process'
const never = ['alias-state-overwrite', 'pid1-crash', 'pid1-unreachable', 'bus-overflow', 'mount-storm']
const benign = { incidents: [{ rule: RULE, outcome: 'benign', severity: 'info' }], never, exit: 0 }
const suspect = { incidents: [{ rule: RULE, outcome: 'suspect', unit: 'meta-daemon.service' }], never, exit: 1 }

const UP = 'systemd[1]: Started meta-daemon.service - Fleet agent.'
const RELOAD = [
  "systemd[1]: Reload requested from client PID 1410762 ('systemctl') (unit chef.service)...",
  'systemd[1]: Reloading...',
  'systemd[1]: Reloading finished in 90 ms.',
]
const LEFT = [
  'systemd[1]: meta-daemon.service: Found left-over process 1409036 (meta-daemon) in control group while starting unit. Ignoring.',
  'systemd[1]: meta-daemon.service: This usually indicates unclean termination of a previous run, or service implementation deficiencies.',
  'systemd[1]: Started meta-daemon.service - Fleet agent.',
]
const STOP = [
  'systemd[1]: Stopping meta-daemon.service - Fleet agent...',
  'systemd[1]: meta-daemon.service: Deactivated successfully.',
  'systemd[1]: Stopped meta-daemon.service - Fleet agent.',
]

export const leftoverProcess: Twins = {
  fires: {
    about: 'Started, a reload, and the process is found when the unit is started again, with no end between (systemd#37482).',
    story: Story.told([UP, ...RELOAD, ...LEFT]),
    expected: suspect,
  },
  benign: {
    about: 'render-benign-257: KillMode=process; PID 1 said at each stop that processes remain.',
    story: Story.of('render-benign-257', 40),
    expected: benign,
  },
  'reversed-order': {
    about: 'The reload comes after the left-over: it has nothing to do with it.',
    story: Story.told([UP, ...LEFT, ...RELOAD]),
    expected: benign,
  },
  'other-unit': {
    about: 'The unit that ran across the reload is another one.',
    story: Story.told([UP.replaceAll('meta-daemon', 'chef'), ...RELOAD, ...LEFT]),
    expected: benign,
  },
  stopped: {
    about: 'The unit was stopped between reload and start.',
    story: Story.told([UP, ...RELOAD, ...STOP, ...LEFT]),
    expected: benign,
  },
  remains: {
    about: 'PID 1 said at the stop that this process remains.',
    story: Story.told([
      UP,
      ...RELOAD,
      ...STOP.slice(0, 2),
      'systemd[1]: meta-daemon.service: Unit process 1409036 (meta-daemon) remains running after unit stopped.',
      ...STOP.slice(2),
      ...LEFT,
    ]),
    expected: benign,
  },
  helper: {
    about: 'A shell is no daemon: scripts leave children.',
    story: Story.told([UP, ...RELOAD, ...LEFT.map(line => line.replace('(meta-daemon)', '(bash)'))]),
    expected: benign,
  },
  'other-boot': {
    about: 'Started and reloaded in the boot before.',
    story: Story.told([UP, ...RELOAD]).followedBy(Story.told(LEFT, { _BOOT_ID: 'c0'.repeat(16) }).later(600)),
    expected: benign,
  },
  'forged-speaker': {
    about: 'logger(1) wrote the left-over line: nothing.',
    story: Story.told([UP, ...RELOAD, ...LEFT.slice(0, 1)]).set(/left-over/, FORGED),
    expected: { incidents: [], never: [RULE, ...never], exit: 0 },
  },
  'cut-head': { about: 'Only the left-over is in the log.', story: Story.told(LEFT), expected: benign },
}

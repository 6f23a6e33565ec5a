/** Twins of mount-storm. */
import type { Twins } from './case.ts'
import { FORGED, Story, speaker } from './story.ts'

const RULE = 'mount-storm'
const run = Story.of('mounts-storm-257')
const MOUNT = /\.mount: Deactivated/
const quiet = run.until(/Startup finished/)
const mounts = new Story(run.only(/^usr-mount-.*\.mount: Deactivated/).entries.slice(0, 200))
const few = new Story(mounts.entries.slice(0, 60))
const never = ['alias-state-overwrite', 'pid1-crash', 'pid1-unreachable', 'bus-overflow']
const storm = { incidents: [{ rule: RULE, outcome: 'storm' }], never, exit: 1 }
const nothing = { incidents: [], never: [RULE, ...never], exit: 0 }
const JOURNALD = { ...speaker('systemd-journald', '41'), MESSAGE: 'Suppressed 13000 messages from init.scope' }
const spread = (story: Story, seconds: number) =>
  new Story(story.entries.map((entry, index) => new Story([entry]).later(index * seconds).entries[0] ?? entry))

export const mountStorm: Twins = {
  fires: { about: 'mounts-storm-257, two hundred of its mounts.', story: quiet.followedBy(mounts), expected: storm },
  'reversed-order': {
    about: 'The same lines in the opposite order of names: a storm has no order.',
    story: quiet.followedBy(reversed(mounts)),
    expected: storm,
  },
  'no-headers': {
    about: 'As -o cat prints it: anybody may have written the lines, and nothing tells when.',
    story: quiet.followedBy(mounts),
    form: 'cat',
    expected: { ...storm, incidents: [{ rule: RULE, outcome: 'storm', confidenceAtMost: 'moderate' }] },
  },
  'lines-suppressed': {
    about: 'journald suppressed most of what PID 1 wrote: the count is a lower bound.',
    story: quiet
      .followedBy(mounts)
      .followedBy(new Story(mounts.entries.slice(-1).map(({ UNIT: _, ...entry }) => ({ ...entry, ...JOURNALD })))),
    expected: storm,
  },
  'too-few': { about: "Sixty mounts in a minute are a container host's day.", story: quiet.followedBy(few), expected: nothing },
  'other-places': {
    about: 'Two hundred mounts, each below another directory of its own: no common place.',
    story: quiet.followedBy(new Story(mounts.entries.map((entry, index) => scatter(entry, index)))),
    expected: nothing,
  },
  'outside-window': {
    about: 'The same two hundred, one every two minutes.',
    story: quiet.followedBy(spread(mounts, 120)),
    expected: nothing,
  },
  'other-boot': {
    about: 'Sixty in one boot, sixty in the next.',
    story: quiet.followedBy(few).followedBy(
      quiet
        .followedBy(few)
        .later(600)
        .setAll({ _BOOT_ID: 'c0'.repeat(16) }),
    ),
    expected: nothing,
  },
  'forged-speaker': { about: 'logger(1) wrote them.', story: quiet.followedBy(mounts.set(MOUNT, FORGED)), expected: nothing },
  'user-manager': {
    about: "A user manager's mount units: every one of them is the system manager's too, and these are not its lines.",
    story: quiet.followedBy(mounts.set(MOUNT, { _PID: '812', _SYSTEMD_UNIT: 'user@1000.service' })),
    expected: nothing,
  },
  'cut-head': {
    about: 'The log begins in the middle of the storm.',
    story: new Story(mounts.entries.slice(40)),
    expected: storm,
  },
}

function reversed(story: Story): Story {
  const times = story.entries.map(entry => [entry.__REALTIME_TIMESTAMP ?? '', entry.__MONOTONIC_TIMESTAMP ?? ''] as const)
  return new Story(
    [...story.entries].reverse().map((entry, index) => {
      const [real = '', mono = ''] = times[index] ?? []
      return { ...entry, __REALTIME_TIMESTAMP: real, __MONOTONIC_TIMESTAMP: mono }
    }),
  )
}

function scatter(entry: Record<string, string>, index: number): Record<string, string> {
  const unit = `srv${index}-data-disk.mount`
  return { ...entry, UNIT: unit, MESSAGE: `${unit}: Deactivated successfully.` }
}

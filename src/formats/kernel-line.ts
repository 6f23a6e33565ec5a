import { type Draft, draftOf } from './draft.ts'
import { readTag } from './header.ts'

/** What the kernel itself says of a process, in the shape of the process's own words. */
const OF_A_PROCESS =
  /^(?:segfault at|trap |general protection|bad frame|unhandled signal|potentially unexpected fatal signal|page fault|Code: )/

/**
 * Text from the kernel's buffer without its stamp: the kernel's own, or a user space program's that wrote to /dev/kmsg under a name and
 * PID. `systemd[1]: segfault at …` is the kernel's, about PID 1.
 */
export function kernelText(text: string): Draft {
  const bare = text.replace(PRI, '')
  const tagged = USER_SPACE.test(bare) ? readTag(bare) : null
  if (tagged && !OF_A_PROCESS.test(tagged.message)) return tagged
  const draft = draftOf(bare)
  draft.ident = 'kernel'
  return draft
}

const PRI = /^<\d{1,3}>/
const USER_SPACE = /^(?:[\w.@/():-]{1,64}\[\d{1,10}\]|systemd|systemd-[\w-]+|dracut[\w-]*): ?/

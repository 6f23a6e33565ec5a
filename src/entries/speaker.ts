import type { Draft } from '../formats/draft.ts'
import type { Trust } from './entry.ts'

/** Who wrote a record, and how far that can be believed. */
export interface Speech {
  speaker: string | null
  trust: Trust
  /** Set where the writer is another machine seen through this one's log. */
  host?: string
  ident?: string
  pid?: number
  message?: string
}

/** Settles the speaker from the fields that journald vouches for, else from the text, which anyone may have written. */
export function speechOf(draft: Draft): Speech {
  // A container is a machine of its own: its PID 1 may die, and this machine lives on.
  if (draft.container !== null) return { ...claimedSpeech(draft), host: `${draft.container} (container)` }
  const nested = draft.ident === 'kernel' || RUNTIME.test(draft.ident ?? '') ? nestedPid1(draft) : null
  if (nested) return nested
  return draft.vouched ? vouchedSpeech(draft, draft.vouched) : claimedSpeech(draft)
}

function vouchedSpeech(draft: Draft, by: NonNullable<Draft['vouched']>): Speech {
  const { pid, comm, transport, claimedPid } = by
  const saysPid1 = draft.ident === 'systemd' || draft.ident === 'init'
  if (transport === 'kernel' && pid === null) {
    // Before journald is up, and after it is gone, PID 1 writes to the kernel's buffer under its own name.
    if (saysPid1 && claimedPid === 1) return { speaker: 'pid1', trust: 'trusted' }
    return { speaker: draft.ident ?? 'kernel', trust: 'trusted' }
  }
  if (pid === 1 && (comm === null || comm === 'systemd' || comm === 'init')) return { speaker: 'pid1', trust: 'trusted' }
  // logger(1) with a borrowed name, or a container's PID 1 that has another number out here.
  const forged = (saysPid1 && (claimedPid === 1 || (comm !== null && comm !== 'systemd'))) || borrowed(draft.ident, comm)
  if (draft.ident === 'kernel') return { speaker: comm ?? 'kernel', trust: 'refuted' }
  return { speaker: draft.ident, trust: forged && pid !== null ? 'refuted' : 'trusted' }
}

/** Tools whose purpose is to write under any name. */
function borrowed(ident: string | null, comm: string | null): boolean {
  return (comm === 'logger' || comm === 'systemd-cat') && ident !== comm
}

function claimedSpeech(draft: Draft): Speech {
  return { speaker: nameOf(draft.ident, draft.pid, draft.unitForIdent), trust: 'claimed' }
}

function nameOf(ident: string | null, pid: number | null, unitForIdent: boolean): string | null {
  if (unitForIdent) return pid === 1 ? 'pid1' : null
  // RHEL 7's imjournal drops PID 1's number: `systemd: Freezing execution.`
  if (ident === 'systemd' && (pid === 1 || pid === null)) return 'pid1'
  return ident
}

/** Programs that print what a container writes to its console. */
const RUNTIME =
  /^(?:dockerd|docker|containerd|containerd-shim[\w.-]*|conmon|podman|crio|cri-o|kubelet|systemd-nspawn|lxc-start|lxd|docker\/.*)$/
/** A second header in the message, PID 1's. */
export const NESTED =
  /^(?:\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?)?(?:<\d{1,3}>)?systemd\[1\]: (?!(?:segfault at|trap |general protection|bad frame|unhandled signal)\b)/

/**
 * A second header in the message: `kernel: systemd[1]: …` is the machine's own PID 1 by way of the kernel's buffer; behind a kernel with
 * a PID (a container's syslog daemon) or a container's runtime it is another machine's (balena-io-library/base-images#546).
 */
function nestedPid1(draft: Draft): Speech | null {
  const own = draft.ident === 'kernel' && draft.pid === null
  if (own && draft.vouched) return null
  const match = NESTED.exec(draft.message)
  if (!match) return null
  const inner = {
    speaker: 'pid1',
    trust: 'claimed' as const,
    ident: 'systemd',
    pid: 1,
    message: draft.message.slice(match[0].length),
  }
  if (own) return inner
  const via = `${draft.ident}${draft.pid === null ? '' : `[${draft.pid}]`}`
  return { ...inner, host: `${draft.host ?? 'unknown'} (container via ${via})` }
}

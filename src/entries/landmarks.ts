/** What a line tells about where in a boot it stands. */
export interface Landmark {
  kind: 'kernel' | 'manager' | 'journal' | 'early' | 'finished' | 'over' | 'handover'
  what: string
}

/**
 * The lines by which a boot is known in a log without boot ids. `speaker` null: the form does not tell, so the text alone must do.
 *
 * Wordings: systemd v219 to v262, src/core/main.c, manager.c, unit descriptions of units/*.in; the kernel's init/main.c.
 */
export function landmarkOf(message: string, speaker: string | null): Landmark | null {
  if (speaker !== 'pid1' && speaker !== null) {
    if (speaker === 'kernel') return message.startsWith('Linux version ') ? { kind: 'kernel', what: 'kernel' } : null
    return speaker === 'systemd-journald' && message === 'Journal started' ? { kind: 'journal', what: 'journal' } : null
  }
  switch (message.charCodeAt(0)) {
    case 0x4c: // L
      return speaker === null && message.startsWith('Linux version ') ? { kind: 'kernel', what: 'kernel' } : null
    case 0x4a: // J
      return speaker === null && message === 'Journal started' ? { kind: 'journal', what: 'journal' } : null
    case 0x73: // s
      return MANAGER.test(message) ? { kind: 'manager', what: 'manager' } : null
    case 0x46: // F
    case 0x45: // E
    case 0x50: // P
    case 0x52: // R
    case 0x53: // S
    case 0x4d: // M
      return pid1Landmark(message, speaker)
    default:
      return null
  }
}

function pid1Landmark(message: string, speaker: string | null): Landmark | null {
  if (OVER.test(message)) return { kind: 'over', what: 'over' }
  if (HANDOVER.test(message)) return { kind: 'handover', what: 'handover' }
  // A user's manager says "Startup finished" too; without a speaker only the kernel's share tells them apart.
  if (message.startsWith('Startup finished in '))
    return speaker === 'pid1' || FINISHED.test(message) ? { kind: 'finished', what: 'finished' } : null
  const early = EARLY.exec(message)
  return early ? { kind: 'early', what: early[1] ?? '' } : null
}

/** Beginnings of PID 1's lines that may be one, and what the others have within them: for a scan that passes over all others. */
export const LANDMARK_HEADS: readonly string[] = [
  'systemd ',
  'Freezing execution',
  'Exiting PID 1',
  'Shutting down',
  'Powering off',
  'Rebooting',
  'Reexecuting',
  'Switching root',
  'Soft-reboot',
  'Startup finished',
]
/** Units that are up once in a boot, and early; a user's manager has none of them. */
export const EARLY_UNITS: readonly string[] = [
  'Local File Systems',
  'System Initialization',
  'Huge Pages',
  'POSIX Message Queue',
  'Kernel Debug File',
  'Kernel Trace File',
  'Remount Root',
  'Create Static Device',
  'Flush Journal',
  'Apply Kernel Variables',
  'Coldplug All',
]

const MANAGER = /^systemd \S+ running in (?:test )?system mode/
const OVER = /^(?:Freezing execution\.|Exiting PID 1\.\.\.|Shutting down\.|Powering off\.|Rebooting\.)$/
const HANDOVER = /^(?:Reexecuting\.|Switching root\.|Soft-reboot)/
const FINISHED = /\((?:kernel|userspace)\)/
const EARLY = new RegExp(`^(?:Reached target|Mounted|Finished|Started|Starting) .*?(${EARLY_UNITS.join('|')})`)

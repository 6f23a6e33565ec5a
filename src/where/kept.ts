import { isJournal } from './logs.ts'

/** Unit files and the like are small; what is larger is none. */
const MOST = 1 << 20

/**
 * Whether a file in an archive will be read at any place, so that a stream must keep it: journals, and the small files that say what the
 * machine is and which units it has.
 */
export function isKept(path: string, size: number): boolean {
  if (isJournal(path)) return true
  return (
    size <= MOST &&
    (/(?:^|\/)(?:etc|usr\/lib|lib|run|usr\/local\/lib)\/systemd\//.test(path) ||
      /(?:^|\/)(?:hostname|HOSTNAME|os-release|uname(?:_-a)?)$/.test(path))
  )
}

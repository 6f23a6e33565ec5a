import { InputError } from '../../problems/problem.ts'
import type { ByteSource } from '../source.ts'
import type { Surroundings } from './form.ts'

/**
 * The disk that a differencing image stands on. Windows' ways are given for it, of which the one beside the image is the likeliest to hold
 * on another machine. `isParent` looks at the file: one that was changed since, or is another, does not fit what the image has of it.
 *
 * @throws InputError where none of the names leads anywhere.
 */
export function parentOf(
  kind: string,
  names: readonly string[],
  isParent: (file: ByteSource) => boolean,
  around: Surroundings,
): ByteSource {
  let refused: InputError | null = null
  for (const name of names.map(fromWindows)) {
    try {
      const file = around.file(name)
      const fits = isParent(file)
      file.close()
      if (!fits)
        around.tell({
          message: `the image stands on ${name}, which is not as it was when this was begun: what was read may be from two disks`,
        })
      return around.disk(name, false)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      refused ??= error
    }
  }
  throw refused ?? new InputError(`a differencing ${kind} that does not name its parent`)
}

/** `C:\VMs\base.vhd`, `.\base.vhd`: as paths are written here. */
function fromWindows(name: string): string {
  return name
    .replace(/\0.*$/s, '')
    .replaceAll('\\', '/')
    .replace(/^(?:\/\/\?\/)?[A-Za-z]:\//, '/')
}

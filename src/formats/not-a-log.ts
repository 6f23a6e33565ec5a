/** Files that are taken for logs by mistake, by their first bytes; what to do where there is something to do. */
const MAGICS: readonly (readonly [magic: string, what: string])[] = [
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['%PDF-', 'a PDF document'],
  ['\x7fELF', 'a program (ELF)'],
  ['7z\xbc\xaf', 'a 7z archive; unpack it first'],
  ['SQLite format 3', 'an SQLite database'],
  ['QFI\xfb', "a virtual machine's disk (qcow2)"],
  ['KDMV', "a virtual machine's disk (VMDK)"],
  ['conectix', "a virtual machine's disk (VHD)"],
  ['vhdxfile', "a virtual machine's disk (VHDX)"],
]

/** What this is, where it is no log; null where it may be one. */
export function notALog(head: Buffer): string | null {
  const start = head.toString('latin1', 0, 16)
  const known = MAGICS.find(([magic]) => start.startsWith(magic))
  if (known) return known[1]
  return isBinary(head) ? 'binary data' : null
}

/** Bytes that no text has, of those looked at. An export's counted values hold some; runs of NULs are a log's own damage. */
const MOST_ODD = 0.1
const LOOK = 4096

function isBinary(head: Buffer): boolean {
  const bytes = head.subarray(0, LOOK)
  let odd = 0
  let seen = 0
  for (const byte of bytes) {
    if (byte === 0) continue
    seen++
    if ((byte < 32 && !TEXT_CONTROLS.has(byte)) || byte === 127) odd++
  }
  // What is no UTF-8 decodes to U+FFFD; an old Latin-1 log has a few of those.
  const broken = bytes.toString('utf8').split('\ufffd').length - 1
  return seen > 0 && odd + broken > seen * MOST_ODD && odd > 0
}

/** Bell, backspace, tab, line ends, escape, the separators of json-seq. */
const TEXT_CONTROLS = new Set([7, 8, 9, 10, 12, 13, 27, 30])

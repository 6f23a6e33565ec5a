import { expect, test } from 'vitest'
import { ProgressLine, progressText } from '../../src/cli/progress.ts'

test.each([
  [500e6, 2e9, 5, 'reading 500 MB of 2.0 GB  25 %  100 MB/s  15 s left'],
  [1e6, 3.6e9, 1, 'reading 1.0 MB of 3.6 GB  0 %  1.0 MB/s  59 min 59 s left'],
  [1e6, 36e9, 1, 'reading 1.0 MB of 36.0 GB  0 %  1.0 MB/s  9 h 59 min left'],
  [1234, null, 2, 'reading 1.2 kB  617 B/s'],
  [200, 100, 1, 'reading 200 B  200 B/s'],
  [0, 100, 1, 'reading 0 B of 100 B  0 %  0 B/s'],
])('%d of %s bytes in %d s', (bytes, total, seconds, line) => {
  expect(progressText(bytes, total, seconds)).toBe(line)
})

test('nothing in the first second, one line rewritten now and then, wiped at the end', () => {
  let now = 0
  let screen = ''
  const line = new ProgressLine(
    text => {
      screen += text
    },
    30,
    () => now,
  )
  line.tell(10, 100)
  line.wipe()
  expect(screen).toBe('')
  for (now = 1000; now < 1500; now += 50) line.tell(now, 10_000)
  const lines = screen.split('\r').slice(1)
  expect(lines).toHaveLength(3)
  for (const each of lines) expect(each).toMatch(/^reading .{0,21}\x1b\[K$/)
  line.wipe()
  expect(screen.endsWith('\r\x1b[K')).toBe(true)
})

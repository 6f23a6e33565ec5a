import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyReport, labReport, written } from './sample.ts'

const OURS = /<\/?(?:section|h[123]|span|table|tr|th|td|ol|ul|li|p|b|pre|code|footer)(?: class="[a-z]+")?>/g

const bodyOf = (page: string): string => page.slice(page.indexOf('<body>') + 6, page.indexOf('</body></html>'))

test('log text stays text: what is left without our own tags holds no markup', () => {
  fc.assert(
    fc.property(anyReport, fc.string({ unit: 'binary' }), (report, said) => {
      const page = written('html', report, { explanation: [said, '</body></html><script>'] })
      const texts = bodyOf(page).replace(OURS, '')
      expect(texts).not.toMatch(/[<>"']/)
      expect(texts.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
      expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }),
    { numRuns: 300 },
  )
})

test('the page stands alone: it names nothing to fetch or run', async () => {
  const page = written('html', await labReport('rsyslog-stoprace-255', 'short', '/var/log/messages'))
  expect(page).not.toMatch(/<(?:script|link|img|iframe|object|a|form)\b|url\(|@import|\b(?:src|href|on\w+)=/i)
  expect(page).toContain("default-src 'none'")
  expect(page).toContain('Code should not be reached at src/core/service.c:3864')
})

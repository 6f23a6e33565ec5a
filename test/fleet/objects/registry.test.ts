import { afterEach, describe, expect, test, vi } from 'vitest'
import { azure } from '../../../src/fleet/objects/azure.ts'
import { google } from '../../../src/fleet/objects/google.ts'
import { isUrl, openPlace } from '../../../src/fleet/objects/registry.ts'
import { s3 } from '../../../src/fleet/objects/s3.ts'

afterEach(() => void vi.unstubAllEnvs())

test.each([
  [s3, 's3://logs/a b/c%20d?.log', 'logs', 'a b/c%20d?.log', 's3://logs/x'],
  [s3, 's3a://logs', 'logs', '', 's3://logs/x'],
  [google, 'gs://logs/', 'logs', '', 'gs://logs/x'],
  [azure, 'az://logs/host=a/', 'logs', 'host=a/', 'az://logs/x'],
  [azure, 'https://acc.blob.core.windows.net/logs', 'logs', '', 'https://acc.blob.core.windows.net/logs/x'],
  [
    azure,
    'https://acc.blob.core.chinacloudapi.cn/logs/a%20b/c',
    'logs',
    'a b/c',
    'https://acc.blob.core.chinacloudapi.cn/logs/x',
  ],
])('%o: %s', (provider, url, bucket, name, other) => {
  const place = provider.place(url)
  expect(place).toMatchObject({ bucket, name })
  expect(place?.urlOf('x')).toBe(other)
  for (const one of [s3, azure, google]) expect(one === provider || one.place(url) === null).toBe(true)
})

test('the URL of a name leads back to it', () => {
  for (const url of ['s3://b/', 'gs://b/', 'az://b/', 'https://acc.blob.core.windows.net/b/'])
    for (const name of ['a b', 'ä/ü', '100%', 'a%20b', 'x?y', 'h#1', 'line\nbreak', '+', "it's"]) {
      const provider = [s3, azure, google].find(one => one.place(url))
      const there = provider?.place(url)?.urlOf(name) ?? ''
      expect(provider?.place(there)?.name).toBe(name)
    }
})

describe('what is told in a sentence', () => {
  test.each(['abfss://c@acc.dfs.core.windows.net/x', 'ftp://h/x', 's3:///x', 'https://example.com/x'])(
    '%s is unknown',
    async url => {
      expect(isUrl(url)).toBe(true)
      await expect(openPlace(url)).rejects.toThrow(`${url}: is no place that is known here; it is s3://BUCKET/PREFIX, az://`)
    },
  )

  test('a SAS token in a URL, without the token', async () => {
    const opening = openPlace('https://acc.blob.core.windows.net/logs/x?sv=2024&sig=secret')
    await expect(opening).rejects.toThrow('AZURE_STORAGE_SAS_TOKEN')
    await expect(opening).rejects.not.toThrow('secret')
  })

  test('a container without an account', async () => {
    for (const name of ['AZURE_STORAGE_ACCOUNT', 'AZURE_STORAGE_CONNECTION_STRING']) vi.stubEnv(name, undefined)
    await expect(openPlace('az://nobodys/x')).rejects.toThrow('set AZURE_STORAGE_ACCOUNT')
  })

  test('a file of this machine is none', () => {
    for (const path of ['logs', '/var/log', './s3:/x', 'C:\\logs', 'host=a/b', '-']) expect(isUrl(path)).toBe(false)
  })
})

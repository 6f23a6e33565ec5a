import { expect, test } from 'vitest'
import { size, text, wholeNumber, word } from '../../src/cli/values.ts'
import { UsageError } from '../../src/problems/problem.ts'

test.each([
  ['1', 1],
  ['4k', 4096],
  ['500M', 524_288_000],
  ['1.5G', 1_610_612_736],
  ['2GiB', 2_147_483_648],
  ['2 TB', 2_199_023_255_552],
])('a size: %s', (given, bytes) => {
  expect(size(given)).toBe(bytes)
})

test.each(['', '0', '-1', 'much', '5X', '1e9', '1..5G', '9999999999P'])('no size: %j', given => {
  expect(() => size(given)).toThrow(new UsageError('a size is wanted, such as 500M or 2G'))
})

test.each(['', ' 5', '5.0', '-5', '0x50', '39', '1001', '9'.repeat(400)])('no width: %j', given => {
  expect(() => wholeNumber(40, 1000)(given)).toThrow(new UsageError('a whole number from 40 to 1000 is wanted'))
})

test('words and texts', () => {
  expect([wholeNumber(40, 1000)('80'), word(['auto', 'never'])('never'), text('x')]).toEqual([80, 'never', 'x'])
  expect(() => word(['auto', 'never'])('nevr')).toThrow('did you mean never? It is one of auto, never')
  expect(() => text('')).toThrow('a value is wanted')
})

import type { Expectation } from '../../src/rules/expectation.ts'
import type { Story } from './story.ts'

/** A twin: a story, the form it is written in, and what must be said of it. */
interface Twin {
  about: string
  story: Story
  form?: 'json' | 'short' | 'cat'
  expected: Omit<Expectation, 'options'>
}

export type Twins = Record<string, Twin>

/** Blocks of a file that lie one after the other; `physical` is 0 where they are a hole, or promised and never written. */
export interface Run {
  physical: number
  count: number
}

/** Nothing more is mapped from here on. */
export const NOTHING: Run = { physical: 0, count: Number.POSITIVE_INFINITY }

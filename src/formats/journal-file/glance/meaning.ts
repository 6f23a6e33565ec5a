/** What a message may mean for the report: `decisive` asks for the whole story, `telling` for this entry. */
export type Meaning = 'decisive' | 'telling' | null

/** Fixed texts without which a message means nothing: what holds none of them need not be asked about. */
export interface Texts {
  any: readonly string[]
  /** These only where `mount` is in the message too. */
  ofMounts: readonly string[]
  mount: string
}

/** How to tell what matters. */
export interface Meanings {
  meaningOf(text: string): Meaning
  texts: Texts
}

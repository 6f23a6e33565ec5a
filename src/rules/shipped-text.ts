import texts from '../../grammars/shipped-sources.json' with { type: 'json' }

/** The shipped rule files as they were written, by file name: for `rules show` only. */
export const ruleTexts: Readonly<Record<string, string>> = texts

/** Names only, the first meant where none is named: the command line must not load the forms to know them. */
export const printNames = ['short', 'short-iso-precise', 'verbose', 'export', 'json', 'cat'] as const

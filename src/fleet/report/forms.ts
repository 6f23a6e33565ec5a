/** Names only: the command line must not load the forms to know them. */
export const fleetForms = ['text', 'json', 'markdown', 'html', 'csv'] as const

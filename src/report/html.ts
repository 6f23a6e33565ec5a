import type { ReportForm } from './form.ts'
export const html: ReportForm = { name: 'html', about: 'for a ticket', *write() {} }

import type { ReportForm } from './form.ts'
export const markdown: ReportForm = { name: 'markdown', about: 'for a ticket', *write() {} }

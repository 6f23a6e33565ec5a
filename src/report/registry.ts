import type { ReportForm } from './form.ts'

export const reports: readonly ReportForm[] = [
  { name: 'json', about: 'the whole report as JSON', write: report => [`${JSON.stringify(report, null, 2)}\n`] },
]

export function reportNamed(name: string): ReportForm | undefined {
  return reports.find(form => form.name === name)
}

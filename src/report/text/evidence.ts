import type { Incident, Proof } from '../report.ts'
import { safeLine } from '../safe.ts'
import { heading, type Page } from './page.ts'
import { hang } from './wrap.ts'

/** For, against and unknown, each claim with its place: the engineer who doubts starts here. */
export function evidence({ evidence: { for: pro, against, unknown } }: Incident, page: Page): string[] {
  return [
    ...section('WHY IT IS BELIEVED', '+', pro, page),
    ...section('WHAT SPEAKS AGAINST IT', '-', against, page),
    ...section('NOT KNOWN', '?', unknown, page),
  ]
}

function section(name: string, sign: string, proofs: readonly Proof[], page: Page): string[] {
  if (proofs.length === 0) return []
  return [...heading(page, name), ...proofs.flatMap(proof => claim(sign, proof, page))]
}

export function claim(sign: string, { claim: said, refs }: Proof, page: Page): string[] {
  const place = page.places.of(refs)
  return hang(`  ${sign} `, safeLine(said) + (place ? ` [${place}]` : ''), page.width)
}

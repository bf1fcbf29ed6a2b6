/** The steps of an action: new ones, whether they say something, and in words. */
import type { ActionStep, Matching } from '@/api/action'
import { filterWords, isComplete } from '@/components/operators'

export const MATCHINGS: readonly { value: Matching; label: string }[] = [
  { value: 'contains', label: 'contains' },
  { value: 'exact', label: 'is' },
  { value: 'regex', label: 'matches (regex)' },
]

export function newStep(event: string | null = null): ActionStep {
  return {
    event,
    properties: [],
    selector: null,
    tag_name: null,
    text: null,
    text_matching: 'exact',
    href: null,
    href_matching: 'contains',
    url: null,
    url_matching: 'contains',
  }
}

/** Without what was begun and left empty. */
export function cleanedStep(step: ActionStep): ActionStep {
  return {
    ...step,
    properties: step.properties.filter(isComplete),
    selector: step.selector?.trim() || null,
    tag_name: step.tag_name?.trim() || null,
    text: step.text || null,
    href: step.href?.trim() || null,
    url: step.url?.trim() || null,
  }
}

/** A step that says nothing would take every event. */
export function saysSomething(step: ActionStep): boolean {
  const { event, properties, selector, tag_name, text, href, url } = cleanedStep(step)
  return Boolean(event || properties.length > 0 || selector || tag_name || text || href || url)
}

export function isOfElements(step: ActionStep): boolean {
  return step.event === '$autocapture' || Boolean(step.text || step.href || step.selector || step.tag_name)
}

const MATCHED: Readonly<Record<Matching, string>> = { contains: 'contains', exact: 'is', regex: 'matches' }

/** `$autocapture where text is “Upload”`. */
export function stepWords(given: ActionStep): string {
  const step = cleanedStep(given)
  const conditions: string[] = []
  const say = (subject: string, value: string | null, matching: Matching | null, otherwise: Matching) => {
    if (value) conditions.push(`${subject} ${MATCHED[matching ?? otherwise]} “${value}”`)
  }
  say('text', step.text, step.text_matching, 'exact')
  say('link', step.href, step.href_matching, 'exact')
  say('URL', step.url, step.url_matching, 'contains')
  if (step.selector) conditions.push(`selector ${step.selector}`)
  if (step.tag_name) conditions.push(`tag ${step.tag_name}`)
  for (const filter of step.properties) {
    const { subject, words, value } = filterWords(filter)
    conditions.push([subject, words, value].filter(Boolean).join(' '))
  }
  const event = step.event ?? 'Any event'
  return conditions.length > 0 ? `${event} where ${conditions.join(' and ')}` : event
}

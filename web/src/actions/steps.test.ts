import { expect, test } from 'vitest'
import { cleanedStep, newStep, saysSomething, stepWords } from './steps'

test('a step that says nothing is told from one that does', () => {
  expect(saysSomething(newStep())).toBe(false)
  expect(saysSomething({ ...newStep(), url: '  ' })).toBe(false)
  expect(saysSomething(newStep('paid'))).toBe(true)
  expect(saysSomething({ ...newStep(), url: '/pricing' })).toBe(true)
})

test('a filter without its value is left out', () => {
  const step = {
    ...newStep(),
    properties: [{ type: 'event' as const, key: 'plan', operator: 'exact', value: [] }],
  }
  expect(saysSomething(step)).toBe(false)
  expect(cleanedStep(step).properties).toEqual([])
})

test('a step reads as a sentence', () => {
  const step = { ...newStep('$autocapture'), text: 'Upload', url: '/app' }
  expect(stepWords(step)).toBe('$autocapture where text is “Upload” and URL contains “/app”')
  expect(stepWords(newStep('paid'))).toBe('paid')
  expect(stepWords({ ...newStep(), href: '/x', href_matching: 'regex' })).toBe(
    'Any event where link matches “/x”',
  )
})

import { expect, test } from 'vitest'
import source from '../../../native/stacks/src/failure.rs?raw'
import { failureOfJson, failureOfText, KNOWN_BEGINNINGS, KNOWN_VARIANTS } from './failures'

/** The sentences of the server, and the names of its variants. */
const sentences = [...source.matchAll(/(?:write!\(out, |write_str\(\s*)"([^"]+)"/g)].map(
  found => found[1] ?? '',
)
const variants = [...source.matchAll(/^ {4}([A-Z]\w+)(?:\([^)]*\))?,$/gm)]
  .map(found => found[1] ?? '')
  .filter(name => !['JavaScript', 'Hermes', 'Proguard', 'Apple', 'Native'].includes(name))

test('every failure that the server knows is explained, as it tells it and as it keeps it', () => {
  expect(sentences.length).toBeGreaterThan(30)
  expect(sentences.filter(one => !KNOWN_BEGINNINGS.some(begins => one.startsWith(begins)))).toEqual([])
  expect(variants.length).toBeGreaterThan(30)
  expect(variants.filter(one => !KNOWN_VARIANTS.includes(one))).toEqual([])
})

test('a failure is the same, told on a frame or kept with a symbol set', () => {
  const told = failureOfText('No sourcemap uploaded for chunk id: 0198-abc')
  const kept = failureOfJson('{"JavaScript":{"NoSourcemapUploaded":"0198-abc"}}')
  expect(kept.title).toBe(told.title)
  expect(kept.todo).toContain('posthog-cli')
  expect(kept.detail).toBe('0198-abc')
})

test('a status is told with the address it came from', () => {
  const kept = failureOfJson('{"JavaScript":{"HttpStatus":[404,"https://x.io/a.js.map"]}}')
  expect(kept.title).toBe('The site refused to hand out the map')
  expect(kept.detail).toBe('404 https://x.io/a.js.map')
})

test('failures without a value are known too', () => {
  expect(failureOfJson('{"JavaScript":"InvalidSourceAndMap"}').title).toBe('The uploaded file cannot be read')
  expect(failureOfJson('{"Hermes":"NoChunkId"}').title).toBe('The frame names no chunk')
  expect(failureOfText('Invalid mapping').title).toBe('The source map cannot be used')
})

test('what nobody explained is shown as it is', () => {
  expect(failureOfText('<script>x</script>').detail).toBe('<script>x</script>')
  expect(failureOfJson('no json').detail).toBe('no json')
  expect(failureOfJson('{"constructor":{"prototype":1}}').title).toBe('It could not be resolved')
})

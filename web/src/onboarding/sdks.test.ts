import { expect, test } from 'vitest'
import { SDK_IDS } from './sdkIds'
import { SDKS, sdkOf } from './sdks'

const TOKEN = 'phc_ourOwnToken'
const ADDRESS = 'https://hoglet.example.com'

test('there are words for every SDK that an address can name', () => {
  expect(SDKS.map(one => one.id).sort()).toEqual([...SDK_IDS].sort())
})

test.each(SDK_IDS)('%s: what is copied holds token and address, and nothing to be filled in', id => {
  const code = sdkOf(id)
    .steps(TOKEN, ADDRESS)
    .map(step => step.code)
    .join('\n')
  expect(code).toContain(TOKEN)
  expect(code).toContain(ADDRESS)
  expect(code).toContain('my event')
  expect(code).not.toMatch(/<(ph|your)[^>]*>|YOUR_|posthog\.com/i)
})

test('what is sent by hand is JSON', () => {
  for (const step of sdkOf('http').steps(TOKEN, ADDRESS)) {
    const body = /-d '([^']*)'/s.exec(step.code)?.[1]
    expect(JSON.parse(body ?? '')).toMatchObject({ api_key: TOKEN })
  }
})

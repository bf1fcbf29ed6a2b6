import { beforeEach, expect, test } from 'vitest'
import { csrfToken, rememberCsrfToken } from './csrf'
import { sendWithFreshWord } from './staleWord'

const STALE = { detail: "CSRF Failed: the header X-CSRFToken is missing or not this session's." }

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
}

/** A server whose session has another word now; what it was asked, and with which word and body. */
function server(session: unknown, word = 'new') {
  const asked: [string, string | null, string][] = []
  const send = async (request: Request) => {
    const given = request.headers.get('X-CSRFToken')
    asked.push([new URL(request.url).pathname, given, await request.text()])
    if (request.url.endsWith('/api/session/')) return json(200, session)
    return given === word ? json(201, {}) : json(403, STALE)
  }
  return { asked, send }
}

function change(): Request {
  const headers = { 'X-CSRFToken': csrfToken() ?? '', 'content-type': 'application/json' }
  return new Request('http://hoglet.test/api/thing/', { method: 'POST', headers, body: '{"name":"x"}' })
}

beforeEach(() => rememberCsrfToken('old', 'ada'))

test('a change that was refused for an old word is sent once more with the new one', async () => {
  const { asked, send } = server({ csrf_token: 'new', user: { uuid: 'ada' } })
  expect((await sendWithFreshWord(change(), send)).status).toBe(201)
  expect(asked).toEqual([
    ['/api/thing/', 'old', '{"name":"x"}'],
    ['/api/session/', null, ''],
    ['/api/thing/', 'new', '{"name":"x"}'],
  ])
  expect(csrfToken()).toBe('new')
})

test('it is sent once more only', async () => {
  const { asked, send } = server({ csrf_token: 'other', user: { uuid: 'ada' } })
  expect((await sendWithFreshWord(change(), send)).status).toBe(403)
  expect(asked).toHaveLength(3)
})

test('nothing is done in the name of somebody who signed in meanwhile', async () => {
  const { asked, send } = server({ csrf_token: 'new', user: { uuid: 'bob' } })
  await expect(sendWithFreshWord(change(), send)).rejects.toThrow('Somebody else signed in')
  expect(asked).toHaveLength(2)
  expect(csrfToken()).toBe('old')
})

test('whoever is signed out hears the refusal', async () => {
  const { send } = server({ csrf_token: null, user: null })
  expect((await sendWithFreshWord(change(), send)).status).toBe(403)
})

test('another refusal is left alone', async () => {
  const { asked, send } = server({}, 'old')
  rememberCsrfToken('new')
  const refused = async (request: Request) => {
    await send(request)
    return json(403, { detail: 'You are a viewer here; this takes a member.' })
  }
  expect((await sendWithFreshWord(change(), refused)).status).toBe(403)
  expect(asked).toHaveLength(1)
})

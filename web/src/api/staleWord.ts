/** A request that was refused because of an old word: it gets the new one and is sent once more. */
import { csrfOwner, rememberCsrfToken } from './csrf'
import { ApiError } from './errors'

export const CSRF_HEADER = 'X-CSRFToken'
const REFUSED = 'CSRF Failed: the header'

interface Told {
  csrf_token: string | null
  user?: { uuid: string } | null
}

type Send = (request: Request) => Promise<Response>

/** Sends it; after a refusal for its word once more, if the session is still of the same user. */
export async function sendWithFreshWord(request: Request, send: Send): Promise<Response> {
  if (!request.headers.has(CSRF_HEADER)) return send(request)
  const again = request.clone()
  const answer = await send(request)
  if (!(await isRefusedForItsWord(answer))) return answer
  const word = await freshWord(request, send)
  if (!word) return answer
  again.headers.set(CSRF_HEADER, word)
  return send(again)
}

async function isRefusedForItsWord(answer: Response): Promise<boolean> {
  if (answer.status !== 403) return false
  const told = (await answer
    .clone()
    .json()
    .catch(() => null)) as { detail?: unknown } | null
  return typeof told?.detail === 'string' && told.detail.startsWith(REFUSED)
}

/** Null where nobody is signed in any more. */
async function freshWord(request: Request, send: Send): Promise<string | null> {
  const asking = new Request(new URL('/api/session/', request.url), { signal: request.signal })
  const answer = await send(asking)
  if (!answer.ok) return null
  const { csrf_token: word, user } = (await answer.json()) as Told
  const before = csrfOwner()
  if (user && before && user.uuid !== before) {
    throw new ApiError(403, {
      code: 'another_user',
      detail: 'Somebody else signed in in another tab. Reload the page to go on as them.',
    })
  }
  rememberCsrfToken(word, user?.uuid ?? before)
  return word
}

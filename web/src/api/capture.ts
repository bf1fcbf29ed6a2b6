/** Sends an event as an SDK would: with the project's token, and nothing of who is signed in. */
import { ApiError, errorOf, isAborted } from './errors'

export async function sendEvent(token: string, event: string, distinctId: string): Promise<void> {
  let response: Response
  try {
    response = await fetch('/i/v0/e/', {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        api_key: token,
        event,
        distinct_id: distinctId,
        properties: { source: 'Hoglet', $process_person_profile: false },
      }),
    })
  } catch (error) {
    if (isAborted(error)) throw error
    throw new ApiError(0, { detail: 'Check your connection, or whether the server runs.' })
  }
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null))
}

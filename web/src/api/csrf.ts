/**
 * The word that proves that a request comes from our own pages. It lives in memory, as long as the page does.
 *
 * Signing in again in another tab makes another word, and may make another user: whose the word is stays known, so
 * that nothing is done in somebody else's name.
 */
let word: string | null = null
let owner: string | null = null

export function csrfToken(): string | null {
  return word
}

/** `whose` is the user's id, where it is known. */
export function rememberCsrfToken(token: string | null, whose: string | null = null): void {
  word = token
  owner = whose
}

/** Whose word this page holds; null where nobody said. */
export function csrfOwner(): string | null {
  return owner
}

/** The word that proves that a request comes from our own pages. It lives in memory, as long as the page does. */
let word: string | null = null

export function csrfToken(): string | null {
  return word
}

export function rememberCsrfToken(token: string | null): void {
  word = token
}

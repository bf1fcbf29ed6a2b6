/** The address to return to after signing in: a path of this very site, whatever a link says. */
export function safeNext(given: string | undefined): string {
  if (
    !given?.startsWith('/') ||
    given.startsWith('//') ||
    given.includes('\\') ||
    given.startsWith('/sign-in')
  )
    return '/'
  return given
}

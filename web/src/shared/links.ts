/** The addresses of what is shared. */

export function sharedUrl(origin: string, token: string): string {
  return `${origin}/shared/${encodeURIComponent(token)}`
}

/** HTML for another page. The name comes from anybody, so it is written as text within an attribute. */
export function embedCode(origin: string, token: string, name: string): string {
  const src = `${origin}/embedded/${encodeURIComponent(token)}`
  return `<iframe src="${src}" title="${attribute(name)}" width="100%" height="600" style="border: 0" loading="lazy"></iframe>`
}

function attribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

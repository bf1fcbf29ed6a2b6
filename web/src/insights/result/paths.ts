/** From the answer of paths to nodes and links. */
import type { PathEdge } from './answers'

export interface PathNode {
  key: string
  step: number
  name: string
  /** How many go through it, as far as the shown edges tell. */
  count: number
}

export function nodesOf(edges: PathEdge[]): PathNode[] {
  const into = new Map<string, number>()
  const out = new Map<string, number>()
  for (const edge of edges) {
    out.set(edge.source, (out.get(edge.source) ?? 0) + edge.value)
    into.set(edge.target, (into.get(edge.target) ?? 0) + edge.value)
  }
  const keys = new Set([...out.keys(), ...into.keys()])
  return [...keys]
    .map(key => {
      const [, step = '1', name = key] = /^(\d+)_([\s\S]*)$/.exec(key) ?? []
      return { key, step: Number(step), name, count: Math.max(into.get(key) ?? 0, out.get(key) ?? 0) }
    })
    .sort((a, b) => a.step - b.step || b.count - a.count)
}

const LABEL_CHARACTERS_MAX = 22

/** A name with its count, which stays whole however long the name is. */
export function nodeLabel(name: string, count: string): string {
  const room = Math.max(LABEL_CHARACTERS_MAX - count.length, 4)
  return `${name.length > room ? `${name.slice(0, room - 1)}…` : name}  ${count}`
}

/** An address without its scheme and host where all have the same: what remains tells them apart. */
export function shortNames(names: string[]): Map<string, string> {
  const urls = names.map(name => (URL.canParse(name) ? new URL(name) : null))
  const hosts = new Set(urls.flatMap(url => (url ? [url.host] : [])))
  return new Map(
    names.map((name, index) => {
      const url = urls[index]
      if (!url?.host) return [name, name]
      const rest = url.pathname + url.search
      return [name, hosts.size === 1 ? rest : url.host + (rest === '/' ? '' : rest)]
    }),
  )
}

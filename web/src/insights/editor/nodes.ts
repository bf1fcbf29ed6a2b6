/** Between what is picked and what the API takes. */
import type { EventChoice } from '@/components/EventPicker'
import type { SeriesNode } from '../query/insightQuery'

export function choiceOf(node: SeriesNode): EventChoice {
  if (node.kind === 'ActionsNode') {
    return { kind: 'action', id: Number(node.id), name: node.name || `Action ${node.id}` }
  }
  return { kind: 'event', name: node.event ?? null }
}

/** Another event, counted and filtered as the one before. */
export function chosen(node: SeriesNode, choice: EventChoice): SeriesNode {
  const { event: _event, id: _id, name: _name, custom_name: _custom, ...kept } = node
  if (choice.kind === 'action') return { ...kept, kind: 'ActionsNode', id: choice.id, name: choice.name }
  return { ...kept, kind: 'EventsNode', event: choice.name, name: choice.name ?? 'All events' }
}

export function moved<T>(list: T[], index: number, by: number): T[] {
  const changed = [...list]
  const [one] = changed.splice(index, 1)
  if (one !== undefined) changed.splice(index + by, 0, one)
  return changed
}

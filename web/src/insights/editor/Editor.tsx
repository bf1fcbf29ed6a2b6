import type { InsightQuery } from '../query/insightQuery'
import { FunnelEditor } from './FunnelEditor'
import { LifecycleEditor, StickinessEditor } from './OneSeriesEditors'
import { PathsEditor } from './PathsEditor'
import { RetentionEditor } from './RetentionEditor'
import { TrendsEditor } from './TrendsEditor'

export interface EditorProps {
  query: InsightQuery
  onChange: (changed: Partial<InsightQuery>) => void
}

/** The question's form, as its kind needs it. */
export function Editor(props: EditorProps) {
  switch (props.query.kind) {
    case 'FunnelsQuery':
      return <FunnelEditor {...props} />
    case 'RetentionQuery':
      return <RetentionEditor {...props} />
    case 'PathsQuery':
      return <PathsEditor {...props} />
    case 'StickinessQuery':
      return <StickinessEditor {...props} />
    case 'LifecycleQuery':
      return <LifecycleEditor {...props} />
    default:
      return <TrendsEditor {...props} />
  }
}

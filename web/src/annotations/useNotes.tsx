import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { useAnnotations } from '@/api/annotation'
import type { ChartNotes } from '@/insights/InsightResult'
import { useMay } from '@/session/roles'

const AnnotationDialog = lazy(() =>
  import('./AnnotationDialog').then(module => ({ default: module.AnnotationDialog })),
)

interface Range {
  date_from: string
  date_to: string
}

/** The annotations of a chart over time, and the form for a new one, which goes somewhere on the page. */
export function useNotes(
  of: { insightId?: number },
  range: Range | undefined,
): { notes: ChartNotes; dialog: ReactNode } {
  const mayChange = useMay('member')
  const annotations = useAnnotations(of, range ?? null)
  const [at, setAt] = useState<{ moment?: string } | null>(null)
  const notes = useMemo<ChartNotes>(
    () => ({ annotations, onAdd: mayChange ? moment => setAt({ moment }) : undefined }),
    [annotations, mayChange],
  )
  const dialog = at && (
    <Suspense>
      <AnnotationDialog at={at.moment} insightId={of.insightId} onClose={() => setAt(null)} />
    </Suspense>
  )
  return { notes, dialog }
}

import { useSessionStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { insightQuery } from '@/api/insight'
import { useProjectId } from '@/components/useProject'
import { savedQuery } from './visualization'

/** The text that is being written: a saved query's, the address's, or what was left here before. */
export function useDocument(insight: string | undefined, asked: string | undefined) {
  const projectId = useProjectId()
  const [draft, setDraft] = useSessionStorage<string>({
    key: `hoglet-sql-draft-${projectId}`,
    defaultValue: '',
    getInitialValueInEffect: false,
  })
  const found = useQuery({ ...insightQuery(projectId, insight ?? ''), enabled: insight !== undefined })
  const opened = insight === undefined ? undefined : found.data
  const saved = useMemo(() => (opened ? savedQuery(opened.query) : null), [opened])
  // What is written belongs to what was open while it was.
  const [written, setWritten] = useState<{ of: string | undefined; text: string } | null>(() =>
    asked !== undefined
      ? { of: insight, text: asked }
      : insight === undefined
        ? { of: undefined, text: draft }
        : null,
  )
  const own = written && written.of === insight ? written.text : null
  const text = own ?? saved?.query ?? ''
  const write = (changed: string) => {
    setWritten({ of: insight, text: changed })
    if (insight === undefined) setDraft(changed)
  }
  return {
    text,
    write,
    /** Writes the text of what is about to be opened. */
    replace: (of: string | undefined, changed: string) => setWritten({ of, text: changed }),
    insight: opened,
    saved,
    isChanged: saved !== null && own !== null && own !== saved.query,
    isLoading: insight !== undefined && found.isPending,
    error: insight === undefined ? null : found.error,
  }
}

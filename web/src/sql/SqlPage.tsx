import { Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Insight } from '@/api/insight'
import { variablesQuery } from '@/api/variable'
import { notifyDone } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { DeleteQuery } from './DeleteQuery'
import { EditorCard } from './EditorCard'
import type { EditorHandle } from './editor/SqlEditor'
import { ResultPanel } from './result/ResultPanel'
import { sqlRoute } from './routes'
import { SaveModal } from './SaveModal'
import { SqlHeader } from './SqlHeader'
import classes from './SqlPage.module.css'
import { RecentQueries } from './side/RecentQueries'
import { SavedQueries } from './side/SavedQueries'
import { SchemaBrowser } from './side/SchemaBrowser'
import { SidePanel } from './side/SidePanel'
import { useDocument } from './useDocument'
import { useRecent } from './useRecent'
import { useSaving } from './useSaving'
import { useSqlRun } from './useSqlRun'
import { VariableBar } from './variables/VariableBar'
import { VariablesMenu } from './variables/VariablesMenu'
import { valuesFor } from './variables/values'
import { sqlQuery, variablesIn, visualization, withDisplay } from './visualization'

type Naming = { what: 'new' } | { what: 'rename'; insight: Insight }

export function SqlPage() {
  const projectId = useProjectId()
  // Another project is another editor: nothing of this one's rows stays.
  return <Work key={projectId} projectId={projectId} />
}

function Work({ projectId }: { projectId: string }) {
  const [state, change] = useUrlState(sqlRoute)
  const document = useDocument(state.insight, state.q)
  const { saved } = document
  const { recent, note, clear } = useRecent()
  const { create, change: changeSaved } = useSaving()
  const run = useSqlRun()
  const editor = useRef<EditorHandle | null>(null)
  const [isDrawerOpen, drawer] = useDisclosure(false)
  const [naming, setNaming] = useState<Naming | null>(null)
  const [deleting, setDeleting] = useState<Insight | null>(null)

  const variables = useQuery(variablesQuery(projectId)).data
  const names = useMemo(() => variablesIn(document.text), [document.text])
  const [chosen, setChosen] = useState<Record<string, unknown>>({})
  const kept = useMemo(
    () =>
      Object.fromEntries(Object.entries(saved?.variables ?? {}).map(([id, one]) => [id, one.value ?? null])),
    [saved],
  )
  const values = useMemo(
    () => valuesFor(names, variables ?? [], { ...kept, ...chosen }),
    [names, variables, kept, chosen],
  )

  const drawing = {
    display: state.display ?? saved?.display,
    x: state.x ?? saved?.x,
    y: state.y ?? saved?.y,
  }
  const view = state.view ?? (saved && !saved.isTable ? 'chart' : 'table')

  const runText = (text: string, insight = state.insight) => {
    if (!text.trim()) return
    note(text)
    const isSaved = insight !== undefined && text === saved?.query
    change({ q: isSaved ? undefined : text, insight })
    void run.run(sqlQuery(text, valuesFor(variablesIn(text), variables ?? [], { ...kept, ...chosen })))
  }

  // A link brings back what it was copied from: it runs once everything it needs is here.
  const started = useRef<string | null>(null)
  const ready = state.q !== undefined || saved !== null
  const link = state.insight ?? state.q ?? ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: only once for each thing that is opened
  useEffect(() => {
    if (!ready || !variables || started.current === link) return
    if (started.current !== null && !state.insight) return
    started.current = link
    void run.run(sqlQuery(document.text, values))
  }, [ready, variables, link])

  const open = (insight: Insight) => {
    drawer.close()
    setChosen({})
    change({
      insight: insight.short_id,
      q: undefined,
      view: undefined,
      display: undefined,
      x: undefined,
      y: undefined,
    })
  }
  const openText = (text: string) => {
    drawer.close()
    document.write(text)
    editor.current?.focus()
  }
  const startNew = () => {
    document.replace(undefined, '')
    started.current = ''
    change({
      insight: undefined,
      q: undefined,
      view: undefined,
      display: undefined,
      x: undefined,
      y: undefined,
    })
  }

  const body = () => ({
    query: visualization(sqlQuery(document.text, values), view === 'chart' ? withDisplay(drawing) : {}),
  })
  const save = async () => {
    if (!document.insight) return setNaming({ what: 'new' })
    await changeSaved(document.insight.id, body())
    change({ q: undefined })
    notifyDone('The query was saved.')
  }
  const named = async (name: string) => {
    if (naming?.what === 'rename') return changeSaved(naming.insight.id, { name })
    const made = await create({ name, ...body() })
    started.current = made.short_id
    document.replace(made.short_id, document.text)
    change({ insight: made.short_id, q: undefined })
    notifyDone('The query was saved.')
  }

  const insert = (text: string) => {
    drawer.close()
    editor.current?.insert(text)
  }
  const side = (
    <SidePanel
      tables={<SchemaBrowser onInsert={insert} />}
      saved={
        <SavedQueries
          open={state.insight}
          onOpen={open}
          onRename={insight => setNaming({ what: 'rename', insight })}
          onDelete={setDeleting}
        />
      }
      recent={<RecentQueries recent={recent} onOpen={openText} onClear={clear} />}
    />
  )

  return (
    <div className={classes.page}>
      <SqlHeader
        insight={document.insight}
        isChanged={document.isChanged}
        isEmpty={!document.text.trim()}
        onSide={drawer.open}
        onNew={startNew}
        onSave={save}
        onSaveAs={() => setNaming({ what: 'new' })}
        onRename={insight => setNaming({ what: 'rename', insight })}
        onDelete={setDeleting}
      />
      <div className={classes.work}>
        <div className={classes.side}>{side}</div>
        <div className={classes.main}>
          <EditorCard
            text={document.text}
            error={document.error}
            values={values}
            isRunning={run.isRunning}
            onChange={document.write}
            onRun={() => runText(document.text)}
            onStop={run.cancel}
            onReady={handle => {
              editor.current = handle
            }}
            variables={
              <VariableBar
                variables={(variables ?? []).filter(one => names.includes(one.code_name))}
                chosen={{ ...kept, ...chosen }}
                onChoose={(id, value) => setChosen(before => ({ ...before, [id]: value }))}
              />
            }
            menu={<VariablesMenu variables={variables ?? []} onInsert={insert} />}
          />
          <ResultPanel
            run={run}
            view={view}
            onView={changed => change({ view: changed })}
            drawing={drawing}
            onDrawing={changed => change({ display: changed.display, x: changed.x, y: changed.y })}
          />
        </div>
      </div>
      <Drawer opened={isDrawerOpen} onClose={drawer.close} title="Tables and queries" size="sm">
        {side}
      </Drawer>
      <SaveModal
        title={naming?.what === 'rename' ? 'Rename the query' : 'Save the query'}
        action={naming?.what === 'rename' ? 'Rename' : 'Save'}
        opened={naming !== null}
        name={naming?.what === 'rename' ? (naming.insight.name ?? '') : ''}
        onClose={() => setNaming(null)}
        onSave={named}
      />
      <DeleteQuery
        insight={deleting}
        onClose={() => setDeleting(null)}
        onDelete={async insight => {
          await changeSaved(insight.id, { deleted: true })
          if (insight.short_id === state.insight) startNew()
        }}
      />
    </div>
  )
}

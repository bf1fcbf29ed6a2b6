import { Button, Card, Group, Skeleton, Text } from '@mantine/core'
import { IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { ErrorState } from '@/components/ErrorState'
import { useProjectId } from '@/components/useProject'
import type { EditorHandle } from './editor/SqlEditor'
import classes from './SqlPage.module.css'
import type { VariableValue } from './visualization'

const SqlEditor = lazy(() => import('./editor/SqlEditor'))
const IS_MAC = navigator.platform.startsWith('Mac')

interface Props {
  text: string
  /** Why there is no text to show. */
  error: Error | null
  values: Record<string, VariableValue>
  isRunning: boolean
  onChange: (text: string) => void
  onRun: () => void
  onStop: () => void
  onReady: (handle: EditorHandle | null) => void
  /** Below the text. */
  variables: ReactNode
  /** At the right of the buttons. */
  menu: ReactNode
}

/** The text of the query, with what runs it. */
export function EditorCard(props: Props) {
  const { text, error, values, isRunning, onChange, onRun, onStop, onReady, variables, menu } = props
  const projectId = useProjectId()
  return (
    <Card padding={0} className={classes.editor}>
      {error ? (
        <ErrorState error={error} compact />
      ) : (
        <div className={classes.text}>
          <Suspense fallback={<Skeleton h="100%" radius={0} />}>
            <SqlEditor
              value={text}
              onChange={onChange}
              onRun={onRun}
              onReady={onReady}
              projectId={projectId}
              variables={values}
            />
          </Suspense>
        </div>
      )}
      {variables}
      <Group gap="xs" px="sm" py={6} className={classes.bar}>
        {isRunning ? (
          <Button
            color="red"
            variant="light"
            leftSection={<IconPlayerStopFilled size={12} aria-hidden />}
            onClick={onStop}
          >
            Stop
          </Button>
        ) : (
          <Button
            leftSection={<IconPlayerPlayFilled size={12} aria-hidden />}
            onClick={onRun}
            disabled={!text.trim()}
          >
            Run
          </Button>
        )}
        <Text size="xs" c="var(--hoglet-quiet)" visibleFrom="sm" flex={1}>
          {IS_MAC ? '⌘ Enter' : 'Ctrl Enter'} runs it
        </Text>
        {menu}
      </Group>
    </Card>
  )
}

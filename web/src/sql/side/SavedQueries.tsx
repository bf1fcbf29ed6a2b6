import { ActionIcon, Menu, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDots, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Insight, insightsQuery } from '@/api/insight'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { savedQuery } from '../visualization'
import classes from './Side.module.css'

interface Props {
  /** The short id of the one that is open. */
  open: string | undefined
  onOpen: (insight: Insight) => void
  onRename: (insight: Insight) => void
  onDelete: (insight: Insight) => void
}

const SHOWN_MAX = 200

/** Insights that are SQL, the latest changed first. */
export function SavedQueries({ open, onOpen, onRename, onDelete }: Props) {
  const projectId = useProjectId()
  const mayChange = useMay('member')
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 150)
  const found = useQuery({
    ...insightsQuery(projectId, {
      insight: 'SQL',
      saved: true,
      search: search || undefined,
      order: '-last_modified_at',
      limit: SHOWN_MAX,
    }),
    placeholderData: keepPreviousData,
  })
  const saved = found.data?.results.filter(one => savedQuery(one.query))
  return (
    <>
      <TextInput
        size="xs"
        leftSection={<IconSearch size={14} aria-hidden />}
        placeholder="Search saved queries"
        aria-label="Search saved queries"
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
      />
      <div className={classes.list}>
        {found.error && <ErrorState error={found.error} onRetry={() => found.refetch()} compact />}
        {found.isPending && <LoadingText lines={5} />}
        {saved?.map(one => (
          <div key={one.short_id} style={{ display: 'flex', alignItems: 'center' }}>
            <UnstyledButton
              className={classes.row}
              onClick={() => onOpen(one)}
              data-active={one.short_id === open || undefined}
              aria-current={one.short_id === open || undefined}
            >
              <span className={classes.name}>{one.name || one.derived_name || 'Unnamed query'}</span>
              <span className={classes.type}>
                <TimeAgo value={one.last_modified_at} />
              </span>
            </UnstyledButton>
            {mayChange && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon size="sm" aria-label={`More for ${one.name || 'this query'}`}>
                    <IconDots size={14} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => onRename(one)}>Rename</Menu.Item>
                  <Menu.Item c="red" onClick={() => onDelete(one)}>
                    Delete
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </div>
        ))}
        {saved?.length === 0 && (
          <Text size="sm" c="var(--hoglet-quiet)" p="xs">
            {search
              ? 'No saved query has this name'
              : 'Nothing is saved yet. Save a query to find it here, and to put it on a dashboard.'}
          </Text>
        )}
      </div>
    </>
  )
}

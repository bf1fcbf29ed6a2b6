import { ActionIcon, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconPlus, IconSearch, IconTable } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { databaseSchemaQuery, type SchemaTable } from '@/api/editor'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { useProjectId } from '@/components/useProject'
import classes from './Side.module.css'
import { fieldType, matching } from './schema'

/** Tables with their columns. A click on a column writes it into the query. */
export function SchemaBrowser({ onInsert }: { onInsert: (text: string) => void }) {
  const found = useQuery(databaseSchemaQuery(useProjectId()))
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['events']))
  const toggle = (name: string) => {
    const changed = new Set(open)
    if (!changed.delete(name)) changed.add(name)
    setOpen(changed)
  }
  if (found.error) return <ErrorState error={found.error} onRetry={() => found.refetch()} compact />
  if (!found.data) return <LoadingText lines={8} />
  const tables = matching(found.data, search)
  return (
    <>
      <TextInput
        size="xs"
        leftSection={<IconSearch size={14} aria-hidden />}
        placeholder="Search tables and columns"
        aria-label="Search tables and columns"
        value={search}
        onChange={event => setSearch(event.currentTarget.value)}
      />
      <div className={classes.list}>
        {tables.map(table => (
          <TableEntry
            key={table.name}
            table={table}
            isOpen={open.has(table.name) || search.trim() !== ''}
            onToggle={() => toggle(table.name)}
            onInsert={onInsert}
          />
        ))}
        {tables.length === 0 && (
          <Text size="sm" c="var(--hoglet-quiet)" p="xs">
            No table or column has this name
          </Text>
        )}
      </div>
    </>
  )
}

interface EntryProps {
  table: SchemaTable
  isOpen: boolean
  onToggle: () => void
  onInsert: (text: string) => void
}

function TableEntry({ table, isOpen, onToggle, onInsert }: EntryProps) {
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <div>
      <div style={{ display: 'flex', alignItems: 'center' }}>
        <UnstyledButton className={classes.row} onClick={onToggle} aria-expanded={isOpen}>
          <Chevron size={12} aria-hidden />
          <IconTable size={14} aria-hidden />
          <span className={classes.name}>{table.name}</span>
        </UnstyledButton>
        <Tooltip label="Write into the query">
          <ActionIcon size="sm" aria-label={`Insert ${table.name}`} onClick={() => onInsert(table.name)}>
            <IconPlus size={12} />
          </ActionIcon>
        </Tooltip>
      </div>
      {isOpen && (
        <div className={classes.fields}>
          {Object.values(table.fields).map(field => (
            <UnstyledButton
              key={field.name}
              className={classes.row}
              onClick={() => onInsert(field.hogql_value)}
              title={field.fields ? `${field.name}: ${field.fields.join(', ')}` : field.name}
            >
              <span className={classes.name}>{field.name}</span>
              <span className={classes.type}>{fieldType(field)}</span>
            </UnstyledButton>
          ))}
        </div>
      )}
    </div>
  )
}

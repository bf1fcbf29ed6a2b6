import { Group, SegmentedControl, Switch } from '@mantine/core'
import { DateRange } from '@/components/DateRange'
import { PropertyFilters } from '@/components/PropertyFilters'
import { SearchInput } from '@/components/SearchInput'
import { useProject } from '@/components/useProject'
import { AssigneeSelect } from '../AssigneeSelect'
import { DEFAULT_FROM, type ListState, userOf } from './listQuery'

interface Props {
  state: ListState
  onChange: (changed: Partial<ListState>) => void
}

const EXCEPTIONS = ['$exception']

/** Which issues the list shows, and which of their exceptions count. */
export function IssueFilters({ state, onChange }: Props) {
  const project = useProject()
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="Status"
        value={state.status ?? 'active'}
        onChange={status => onChange({ status: status === 'active' ? undefined : (status as 'all') })}
        data={[
          { value: 'active', label: 'Active' },
          { value: 'resolved', label: 'Resolved' },
          { value: 'suppressed', label: 'Suppressed' },
          { value: 'all', label: 'All' },
        ]}
      />
      <DateRange
        value={{ date_from: state.date_from ?? DEFAULT_FROM, date_to: state.date_to }}
        onChange={range =>
          onChange({ date_from: range.date_from ?? undefined, date_to: range.date_to ?? undefined })
        }
      />
      <SearchInput
        label="Search issues"
        placeholder="Search types, messages, files, functions"
        w={{ base: '100%', xs: 280 }}
        value={state.q}
        onChange={q => onChange({ q })}
      />
      <AssigneeSelect
        label="Assigned to"
        placeholder="Assigned to anybody"
        value={state.assignee === undefined ? null : userOf(state.assignee)}
        onChange={one => onChange({ assignee: one ? Number(one.id) : undefined })}
      />
      <PropertyFilters
        value={state.properties ?? []}
        onChange={properties => onChange({ properties: properties.length > 0 ? properties : undefined })}
        eventNames={EXCEPTIONS}
      />
      {project.test_account_filters.length > 0 && (
        <Switch
          size="xs"
          label="Hide internal and test users"
          checked={state.tests ?? false}
          onChange={event => onChange({ tests: event.currentTarget.checked || undefined })}
        />
      )}
    </Group>
  )
}

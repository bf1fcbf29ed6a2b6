import { Button, Group } from '@mantine/core'
import type { Dashboard } from '@/api/dashboard'
import { DateRange } from '@/components/DateRange'
import { PropertyFilters } from '@/components/PropertyFilters'
import type { Over, OverState } from './tileAnswer'
import { useDashboardChange } from './useDashboardChange'

interface Props {
  dashboard: Dashboard
  over: Over
  onChange: (state: Partial<OverState>) => void
  mayEdit: boolean
}

const NOTHING: OverState = {
  date_from: undefined,
  date_to: undefined,
  own: undefined,
  properties: undefined,
}

/** Dates and filters over all tiles. They live in the address until they are kept with the dashboard. */
export function FiltersBar({ dashboard, over, onChange, mayEdit }: Props) {
  const change = useDashboardChange(dashboard.id)
  const { filters, isKept } = over
  const keep = () => {
    change.mutate({ filters })
    onChange(NOTHING)
  }
  return (
    <Group gap="xs" mb="md">
      <DateRange
        none="Each insight’s own dates"
        value={{ date_from: filters.date_from, date_to: filters.date_to }}
        onChange={range =>
          range.date_from
            ? onChange({
                date_from: range.date_from,
                date_to: range.date_to ?? undefined,
                own: undefined,
              })
            : onChange({
                date_from: undefined,
                date_to: undefined,
                own: dashboard.filters.date_from ? true : undefined,
              })
        }
      />
      <PropertyFilters
        value={filters.properties ?? []}
        onChange={properties =>
          onChange({
            properties:
              properties.length > 0 || dashboard.filters.properties?.length ? properties : undefined,
          })
        }
      />
      {!isKept && (
        <>
          <Button variant="subtle" color="gray" onClick={() => onChange(NOTHING)}>
            Reset
          </Button>
          {mayEdit && (
            <Button variant="light" onClick={keep}>
              Save for everyone
            </Button>
          )}
        </>
      )}
    </Group>
  )
}

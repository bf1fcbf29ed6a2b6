import { Button, Group, Stack, Switch, Text } from '@mantine/core'
import { PropertyFilters } from '@/components/PropertyFilters'
import { useProject } from '@/components/useProject'
import { filtersOf, type InsightQuery } from '../query/insightQuery'
import { Section } from './Section'

interface Props {
  query: InsightQuery
  onChange: (changed: Partial<InsightQuery>) => void
}

/** What holds for all of the insight. */
export function FiltersSection({ query, onChange }: Props) {
  const project = useProject()
  const filters = filtersOf(query.properties)
  const eventNames = query.series?.flatMap(one => (one.event ? [one.event] : []))
  return (
    <Section title="Filters">
      <Stack gap="xs">
        {filters ? (
          <PropertyFilters
            value={filters}
            onChange={properties => onChange({ properties: properties.length > 0 ? properties : undefined })}
            eventNames={eventNames}
            sources={['event', 'person', 'group', 'session', 'cohort', 'element', 'hogql']}
          />
        ) : (
          <Group gap="xs">
            <Text size="sm">Nested conditions, made elsewhere</Text>
            <Button variant="default" onClick={() => onChange({ properties: undefined })}>
              Remove
            </Button>
          </Group>
        )}
        {(project.test_account_filters.length > 0 || query.filterTestAccounts) && (
          <Switch
            size="xs"
            label="Hide internal and test users"
            checked={query.filterTestAccounts ?? false}
            onChange={event => onChange({ filterTestAccounts: event.currentTarget.checked || undefined })}
          />
        )}
      </Stack>
    </Section>
  )
}

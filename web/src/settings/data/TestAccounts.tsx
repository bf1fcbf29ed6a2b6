import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { FilterSource } from '@/api/propertyFilter'
import { isComplete } from '@/components/operators'
import { PropertyFilters } from '@/components/PropertyFilters'
import { Section } from '../Section'
import type { SettingPart } from './part'
import { Toggle } from './Toggle'

const SOURCES: readonly FilterSource[] = ['person', 'event', 'group', 'cohort', 'hogql']

/** Who is not one of the users that the numbers are about. */
export function TestAccounts(part: SettingPart) {
  const { project, mayChange, saving } = part
  const kept = project.test_account_filters ?? []
  const [filters, setFilters] = useState(kept)
  const changed = JSON.stringify(filters) !== JSON.stringify(kept)
  return (
    <Section
      title="Internal and test users"
      description="What is left when “Hide internal and test users” is on. Say whom to keep: email does not contain @example.org"
    >
      {mayChange && (
        <PropertyFilters value={filters} onChange={setFilters} sources={SOURCES} addLabel="Add a filter" />
      )}
      {changed && (
        <Group gap="xs">
          <Button
            onClick={() => void saving.save({ test_account_filters: filters.filter(isComplete) })}
            loading={saving.busy}
          >
            Save
          </Button>
          <Button variant="default" onClick={() => setFilters(kept)}>
            Undo
          </Button>
        </Group>
      )}
      <Toggle {...part} name="test_account_filters_default_checked" label="On for new insights">
        New insights leave them out at first
      </Toggle>
    </Section>
  )
}

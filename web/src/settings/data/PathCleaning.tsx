import { ActionIcon, Button, Code, Group, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Section } from '../Section'
import type { SettingPart } from './part'
import { cleaned, type Rule, ruleProblem, rulesOf } from './pathCleaning'

/** Rules by which paths with ids in them become one. */
export function PathCleaning({ project, mayChange, saving }: SettingPart) {
  const kept = rulesOf(project.path_cleaning_filters)
  const [rules, setRules] = useState(kept)
  const [tried, setTried] = useState('/user/17/files')
  const set = (index: number, changed: Partial<Rule>) =>
    setRules(rules.map((one, at) => (at === index ? { ...one, ...changed } : one)))
  const changed = JSON.stringify(rules) !== JSON.stringify(kept)
  return (
    <Section
      title="Path cleaning"
      description="Regular expressions that make one of many paths, such as /user/17 and /user/18."
    >
      {rules.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name but its place
        <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            flex={1}
            aria-label={`Expression of rule ${index + 1}`}
            placeholder="/user/\d+"
            classNames={{ input: 'monospace' }}
            value={rule.regex}
            onChange={event => set(index, { regex: event.currentTarget.value })}
            error={rule.regex ? ruleProblem(rule) : undefined}
            disabled={!mayChange}
          />
          <TextInput
            flex={1}
            aria-label={`What rule ${index + 1} puts in its place`}
            placeholder="/user/<id>"
            classNames={{ input: 'monospace' }}
            value={rule.alias}
            onChange={event => set(index, { alias: event.currentTarget.value })}
            disabled={!mayChange}
          />
          {mayChange && (
            <ActionIcon
              mt={4}
              aria-label={`Remove rule ${index + 1}`}
              onClick={() => setRules(rules.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {rules.length > 0 && (
        <Group gap="xs">
          <TextInput
            w={220}
            aria-label="A path to try the rules on"
            classNames={{ input: 'monospace' }}
            value={tried}
            onChange={event => setTried(event.currentTarget.value)}
          />
          <Text size="sm">becomes</Text>
          <Code>{cleaned(tried, rules)}</Code>
        </Group>
      )}
      {mayChange && (
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setRules([...rules, { regex: '', alias: '' }])}
          >
            Add a rule
          </Button>
          {changed && (
            <Button
              onClick={() => void saving.save({ path_cleaning_filters: rules })}
              loading={saving.busy}
              disabled={rules.some(ruleProblem)}
            >
              Save
            </Button>
          )}
        </Group>
      )}
    </Section>
  )
}

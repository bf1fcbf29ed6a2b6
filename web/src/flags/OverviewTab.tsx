import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Flag, FlagCondition } from '@/api/flag'
import { groupTypeName, groupTypesQuery } from '@/api/group'
import { FilterPill } from '@/components/FilterPill'
import { Json } from '@/components/Json'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { userName } from '@/components/userName'
import { groupTypeOf } from './draft'
import { conditionsOf, OldConditions } from './OldConditions'
import { Snippets } from './Snippets'
import { VariantShares } from './VariantShares'
import { kindOf } from './words'

const RUNTIMES = { all: 'Everywhere', client: 'Browsers and apps', server: 'Servers' } as const

/** What the flag is, and how code asks for it. */
export function OverviewTab({ flag }: { flag: Flag }) {
  const variants = flag.filters.multivariate?.variants ?? []
  const payloads = Object.entries(flag.filters.payloads ?? {})
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Stack gap="md">
        {!flag.is_remote_configuration && <Conditions flag={flag} />}
        {hasOld(flag) && (
          <Card>
            <Stack gap="sm">
              <OldConditions filters={flag.filters} />
            </Stack>
          </Card>
        )}
        {variants.length > 0 && (
          <Card>
            <Title order={2} mb="sm">
              Variants
            </Title>
            <VariantShares variants={variants} />
          </Card>
        )}
        {payloads.length > 0 && (
          <Card>
            <Title order={2} mb="sm">
              {flag.is_remote_configuration ? 'Value' : 'Payloads'}
            </Title>
            <Stack gap="sm">
              {payloads.map(([name, payload]) => (
                <div key={name}>
                  {name !== 'true' && (
                    <Text size="sm" fw={500}>
                      {name}
                    </Text>
                  )}
                  <Payload text={payload} encrypted={flag.has_encrypted_payloads} />
                </div>
              ))}
            </Stack>
          </Card>
        )}
      </Stack>
      <Stack gap="md">
        <Card>
          <Stack gap={10}>
            <Row name="Type">{kindOf(flag)}</Row>
            <Row name="Evaluated">
              {flag.last_called_at ? <TimeAgo value={flag.last_called_at} /> : 'Never yet'}
            </Row>
            <Row name="Runtime">{RUNTIMES[flag.evaluation_runtime ?? 'all']}</Row>
            {flag.evaluation_contexts.length > 0 && (
              <Row name="Contexts">{flag.evaluation_contexts.join(', ')}</Row>
            )}
            {flag.bucketing_identifier === 'device_id' && <Row name="Rolled out by">Device</Row>}
            {flag.ensure_experience_continuity && <Row name="At sign-in">Keeps the answer</Row>}
            {flag.filters.early_exit && <Row name="Sets">The first that fits ends it</Row>}
            {flag.filters.feature_enrollment && (
              <Row name="Early access">Who said yes or no to it gets that</Row>
            )}
            {flag.filters.holdout && (
              <Row name="Held out">
                {flag.filters.holdout.exclusion_percentage}% of people get holdout-{flag.filters.holdout.id}
              </Row>
            )}
            <Row name="Made">
              <TimeAgo value={flag.created_at} /> by {userName(flag.created_by)}
            </Row>
            {flag.last_modified_by && (
              <Row name="Changed">
                <TimeAgo value={flag.updated_at} /> by {userName(flag.last_modified_by)}
              </Row>
            )}
            <Row name="Version">{flag.version}</Row>
            {flag.tags.length > 0 && (
              <Row name="Tags">
                <Group gap={4}>
                  {flag.tags.map(tag => (
                    <Badge key={tag} variant="default" tt="none" fw={400}>
                      {tag}
                    </Badge>
                  ))}
                </Group>
              </Row>
            )}
          </Stack>
        </Card>
        <Snippets flag={flag} />
      </Stack>
    </SimpleGrid>
  )
}

function hasOld({ filters }: Flag): boolean {
  return conditionsOf(filters.super_groups).length > 0 || conditionsOf(filters.holdout_groups).length > 0
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Text size="sm" c="var(--hoglet-quiet)" w={110} flex="none">
        {name}
      </Text>
      <Text size="sm" component="div">
        {children}
      </Text>
    </Group>
  )
}

function Conditions({ flag }: { flag: Flag }) {
  const groups = flag.filters.groups ?? []
  return (
    <Card>
      <Title order={2} mb="sm">
        Who gets it
      </Title>
      <Stack gap="sm">
        {groups.length === 0 && <Text c="var(--hoglet-quiet)">Nobody: there is no condition set.</Text>}
        {groups.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a set has no name but its place
          <Condition key={index} flag={flag} condition={one} index={index} />
        ))}
      </Stack>
    </Card>
  )
}

function Condition({ flag, condition, index }: { flag: Flag; condition: FlagCondition; index: number }) {
  const projectId = useProjectId()
  const groupTypes = useQuery(groupTypesQuery(projectId))
  const groupType = groupTypeOf(condition, flag.filters)
  const type = groupTypes.data?.find(one => one.group_type_index === groupType)
  const who = groupType === null ? 'persons' : `groups (${type ? groupTypeName(type) : groupType})`
  const filters = condition.properties ?? []
  return (
    <div>
      <Text size="sm">
        <Text span inherit c="var(--hoglet-quiet)">
          {index + 1}.{' '}
        </Text>
        <strong className="tabular">{condition.rollout_percentage ?? 100}%</strong> of{' '}
        {filters.length > 0 ? `${who} where` : `all ${who}`}
      </Text>
      {filters.length > 0 && (
        <Group gap={6} mt={6} ml={18}>
          {filters.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may be there twice
            <FilterPill key={at} filter={one} />
          ))}
        </Group>
      )}
      {(condition.variant || condition.description) && (
        <Text size="sm" c="var(--hoglet-quiet)" mt={4} ml={18}>
          {condition.variant && `They get ${condition.variant}. `}
          {condition.description}
        </Text>
      )}
    </div>
  )
}

function Payload({ text, encrypted }: { text: string; encrypted: boolean }) {
  if (encrypted) return <Text c="var(--hoglet-quiet)">Encrypted</Text>
  return <Json value={JSON.parse(text) as unknown} open={2} />
}

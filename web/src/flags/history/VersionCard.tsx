import { Badge, Card, Group, Stack, Text } from '@mantine/core'
import type { Flag, FlagVersion } from '@/api/flag'
import { ConfirmButton } from '@/components/ConfirmButton'
import { TimeAgo } from '@/components/Time'
import { userName } from '@/components/userName'
import { useMay } from '@/session/roles'
import { REDACTED } from '../draft'
import { useChangeFlag } from '../useChangeFlag'
import { DifferenceView } from './DifferenceView'
import { differences } from './differences'

interface Props {
  flag: Flag
  version: FlagVersion
  /** None for the first one. */
  before: FlagVersion | undefined
}

/** One version: who made it, what it changed, and the way back to it. */
export function VersionCard({ flag, version, before }: Props) {
  const { change } = useChangeFlag()
  const mayChange = useMay('member')
  const isNow = version.version === flag.version
  const changed = before ? differences(before, version) : []
  const isSecret = Object.values(version.filters.payloads ?? {}).includes(REDACTED)
  const restore = () => {
    const { version: number, created_at: _, created_by: __, ...definition } = version
    const { id: ___, ...body } = definition as typeof definition & { id?: number }
    return change(flag, body, `“${flag.key}” is as it was in version ${number}.`)
  }
  return (
    <Card component="section" aria-label={`Version ${version.version}`}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Group gap="xs">
          <Text fw={600}>Version {version.version}</Text>
          {isNow && (
            <Badge variant="light" tt="none" fw={500}>
              Now
            </Badge>
          )}
          <Text size="sm" c="var(--hoglet-quiet)">
            <TimeAgo value={version.created_at} /> by {userName(version.created_by)}
          </Text>
        </Group>
        {mayChange && !isNow && !version.deleted && (
          <ConfirmButton
            label="Restore"
            title={`Restore version ${version.version}?`}
            danger={false}
            disabled={isSecret && !flag.has_encrypted_payloads}
            onConfirm={restore}
          >
            The flag becomes what it was then, as a new version. What came since stays in the history, and an
            encrypted payload as it is now.
          </ConfirmButton>
        )}
      </Group>
      <Stack gap="xs" mt="xs">
        {!before && <Text size="sm">The flag was made.</Text>}
        {changed.map(one => (
          <DifferenceView key={one.field} difference={one} />
        ))}
      </Stack>
    </Card>
  )
}

import { Badge, Button, Group, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { disableSecondFactor, renewRecoveryCodes, secondFactorQuery } from '@/api/account'
import { keys } from '@/api/keys'
import { ErrorState } from '@/components/ErrorState'
import { counted } from '@/components/format'
import { notifyDone } from '@/components/notify'
import { Section } from '../Section'
import { AskCode } from './AskCode'
import { RecoveryCodes } from './RecoveryCodes'
import { SetUpSecondFactor } from './SetUpSecondFactor'

/** A code from an app, asked for at every sign-in. */
export function SecondFactorSection() {
  const client = useQueryClient()
  const found = useQuery(secondFactorQuery())
  const [settingUp, setUp] = useDisclosure(false)
  const [asking, setAsking] = useState<'off' | 'codes' | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const again = () => client.invalidateQueries({ queryKey: keys.me() })
  const status = found.data
  const answered = async (code: string) => {
    if (asking === 'codes') setCodes(await renewRecoveryCodes(code))
    else {
      await disableSecondFactor(code)
      setCodes(null)
      notifyDone('The second factor is off.')
    }
    setAsking(null)
    await again()
  }
  return (
    <Section
      title="Second factor"
      description="A code from an app on your phone, beside your password."
      action={
        status && (
          <Badge variant="light" color={status.is_enabled ? 'teal' : 'gray'} tt="none">
            {status.is_enabled ? 'On' : 'Off'}
          </Badge>
        )
      }
    >
      {found.error && <ErrorState error={found.error} onRetry={() => found.refetch()} compact />}
      {found.isPending && <Skeleton h={36} />}
      {codes && <RecoveryCodes codes={codes} />}
      {status && !status.is_enabled && !settingUp && (
        <Group>
          <Button onClick={setUp.open}>Set it up</Button>
        </Group>
      )}
      {settingUp && (
        <SetUpSecondFactor
          onCancel={setUp.close}
          onDone={async made => {
            setCodes(made)
            setUp.close()
            await again()
          }}
        />
      )}
      {status?.is_enabled && (
        <>
          <Text size="sm">{counted(status.backup_codes_left, 'recovery code')} left</Text>
          {asking ? (
            <AskCode
              label={asking === 'off' ? 'Turn it off' : 'Make new codes'}
              danger={asking === 'off'}
              onCode={answered}
              onCancel={() => setAsking(null)}
            />
          ) : (
            <Group gap="xs">
              <Button variant="default" onClick={() => setAsking('codes')}>
                New recovery codes
              </Button>
              <Button variant="default" c="red" onClick={() => setAsking('off')}>
                Turn off
              </Button>
            </Group>
          )}
        </>
      )}
    </Section>
  )
}

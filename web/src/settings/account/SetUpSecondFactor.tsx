import { Alert, Button, Code, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { beginSecondFactor, confirmSecondFactor, type SecondFactorSetup } from '@/api/account'
import { CopyButton } from '@/components/CopyButton'
import { useSession } from '@/session/session'
import { useSubmit } from '@/session/useSubmit'
import { AskCode } from './AskCode'
import { QrCode } from './QrCode'

interface Props {
  onDone: (recoveryCodes: string[]) => Promise<void>
  onCancel: () => void
}

/** First the password, then the secret for the app, then a code of it. */
export function SetUpSecondFactor({ onDone, onCancel }: Props) {
  const me = useSession()
  const [password, setPassword] = useState('')
  const [setup, setSetup] = useState<SecondFactorSetup | null>(null)
  const form = useSubmit(['current_password'], async () => setSetup(await beginSecondFactor(password)))
  if (!setup) {
    return (
      <form onSubmit={form.onSubmit}>
        <Group align="flex-start" gap="xs">
          {me.has_password && (
            <PasswordInput
              w={260}
              size="sm"
              label="Your password"
              autoComplete="current-password"
              value={password}
              onChange={event => setPassword(event.currentTarget.value)}
              error={form.errorOf('current_password')}
              autoFocus
            />
          )}
          <Button
            type="submit"
            mt={me.has_password ? 25 : 0}
            loading={form.busy}
            disabled={me.has_password && !password}
          >
            Go on
          </Button>
          <Button variant="default" mt={me.has_password ? 25 : 0} onClick={onCancel}>
            Cancel
          </Button>
        </Group>
        {form.error && (
          <Alert color="red" mt="sm">
            {form.error}
          </Alert>
        )}
      </form>
    )
  }
  return (
    <Group align="flex-start" gap="lg">
      <QrCode text={setup.otpauth_url} label="QR code of the second factor" />
      <Stack gap="sm" flex={1} miw={240}>
        <Text size="sm">Scan it with an authenticator app, or type this secret into it:</Text>
        <Group gap="xs" wrap="nowrap">
          <Code style={{ overflowWrap: 'anywhere' }}>{setup.secret}</Code>
          <CopyButton value={setup.secret} what="Copy the secret" />
        </Group>
        <AskCode
          label="Turn it on"
          onCode={async code => onDone(await confirmSecondFactor(code))}
          onCancel={onCancel}
        />
      </Stack>
    </Group>
  )
}

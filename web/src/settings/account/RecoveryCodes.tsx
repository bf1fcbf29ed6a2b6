import { Alert, Code, SimpleGrid, Stack, Text } from '@mantine/core'
import { CopyButton } from '@/components/CopyButton'

/** What opens the account when the phone is gone. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <Alert color="teal" title="Your recovery codes" role="status">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          Each signs you in once, without the app. They are shown only now. Keep them somewhere safe.
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={6} w="100%">
          {codes.map(one => (
            <Code key={one}>{one}</Code>
          ))}
        </SimpleGrid>
        <CopyButton value={codes.join('\n')} label="Copy all" />
      </Stack>
    </Alert>
  )
}

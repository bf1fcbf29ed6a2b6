import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { type SymbolSet, symbolSetFile } from '@/api/symbolSet'
import { ConfirmButton } from '@/components/ConfirmButton'
import { CopyButton } from '@/components/CopyButton'
import { notifyFailed } from '@/components/notify'
import { Time } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { FailureNote } from '../FailureNote'
import { stateOf } from './state'

interface Props {
  one: SymbolSet
  onDelete?: () => unknown
}

/** One symbol set opened: what is wrong with it, where it comes from, and its file. */
export function SymbolSetDetails({ one, onDelete }: Props) {
  const projectId = useProjectId()
  const [busy, setBusy] = useState(false)
  const { failure } = stateOf(one)
  const git = one.release?.metadata?.git
  const download = async () => {
    setBusy(true)
    try {
      const link = document.createElement('a')
      link.href = await symbolSetFile(projectId, one.id)
      link.download = ''
      link.click()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack gap="sm" p="sm">
      {failure && <FailureNote failure={failure} />}
      <Text size="sm">
        Added <Time value={one.created_at} />
        {one.last_used && (
          <>
            , last used <Time value={one.last_used} />
          </>
        )}
        {git?.commit_id && (
          <>
            , commit{' '}
            <Text span className="monospace">
              {git.commit_id}
            </Text>
          </>
        )}
        {git?.branch && ` on ${git.branch}`}
      </Text>
      <Group gap="xs">
        <CopyButton value={one.ref} label="Copy reference" />
        {one.has_uploaded_file && (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            loading={busy}
            onClick={download}
          >
            Download
          </Button>
        )}
        {onDelete && (
          <ConfirmButton
            label="Delete"
            title="Delete this symbol set?"
            confirmLabel="Delete"
            onConfirm={onDelete}
          >
            Its file goes, too. New stacks are not resolved with it until it is uploaded again. This cannot be
            undone.
          </ConfirmButton>
        )}
      </Group>
    </Stack>
  )
}

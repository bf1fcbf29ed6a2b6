import { Anchor, Checkbox, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/api/keys'
import { changeSharing, renewLink, type Shareable, type Sharing, sharingQuery } from '@/api/sharing'
import { ConfirmButton } from '@/components/ConfirmButton'
import { CopyButton } from '@/components/CopyButton'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { embedCode, sharedUrl } from './links'

interface Props {
  what: Shareable
  id: number
  name: string
  mayEdit: boolean
  onClose: () => void
}

/** A link for people without an account, and code to put the same into another page. */
export function ShareDialog({ what, id, name, mayEdit, onClose }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const options = sharingQuery(projectId, what, id)
  const { data, error, refetch } = useQuery(options)
  const took = (sharing: Sharing) => {
    client.setQueryData(options.queryKey, sharing)
    void client.invalidateQueries({ queryKey: [...keys.all(projectId, what), 'list'] })
  }
  const changing = useMutation({
    mutationFn: (change: Parameters<typeof changeSharing>[3]) => changeSharing(projectId, what, id, change),
    onSuccess: took,
    onError: notifyFailed,
  })
  const thing = what === 'dashboards' ? 'dashboard' : 'insight'
  const token = data?.access_token
  const url = token ? sharedUrl(location.origin, token) : ''
  const embed = token ? embedCode(location.origin, token, name) : ''
  return (
    <Modal opened onClose={onClose} title={`Share “${name}”`} size="lg">
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : !data ? (
        <LoadingText lines={4} />
      ) : (
        <Stack>
          <Switch
            label="Anyone with the link can look"
            description={`Without an account. They see this ${thing} with its numbers, and nothing else.`}
            checked={data.enabled}
            disabled={!mayEdit || changing.isPending}
            onChange={event => changing.mutate({ enabled: event.currentTarget.checked })}
          />
          {token && (
            <>
              <Group align="end" gap="xs" wrap="nowrap">
                <TextInput
                  label="Link"
                  size="xs"
                  value={url}
                  readOnly
                  flex={1}
                  onFocus={event => event.currentTarget.select()}
                />
                <CopyButton value={url} label="Copy link" />
              </Group>
              <Group align="end" gap="xs" wrap="nowrap">
                <TextInput
                  label="Code for another page"
                  size="xs"
                  value={embed}
                  readOnly
                  flex={1}
                  onFocus={event => event.currentTarget.select()}
                />
                <CopyButton value={embed} label="Copy code" />
              </Group>
              <Checkbox
                label="Leave out “Made with Hoglet”"
                checked={data.settings.whitelabel ?? false}
                disabled={!mayEdit}
                onChange={event =>
                  changing.mutate({
                    settings: { ...data.settings, whitelabel: event.currentTarget.checked },
                  })
                }
              />
              <Group justify="space-between">
                <Anchor href={url} target="_blank" rel="noopener noreferrer" size="sm">
                  Open the shared page
                </Anchor>
                {mayEdit && (
                  <ConfirmButton
                    label="Make a new link"
                    title="Make a new link?"
                    confirmLabel="Make a new link"
                    onConfirm={async () => {
                      took(await renewLink(projectId, what, id))
                      notifyDone('There is a new link; the old one opens nothing any more')
                    }}
                  >
                    Whoever has the link of now sees nothing any more. That cannot be undone.
                  </ConfirmButton>
                )}
              </Group>
            </>
          )}
          {!token && !mayEdit && (
            <Text size="sm" c="var(--hoglet-quiet)">
              It is not shared. Somebody who may change this {thing} can turn that on.
            </Text>
          )}
        </Stack>
      )}
    </Modal>
  )
}

import { Alert, Button, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Annotation, type AnnotationScope, changeAnnotation, createAnnotation } from '@/api/annotation'
import { errorText } from '@/api/errors'
import { keys } from '@/api/keys'
import { notifyDone } from '@/components/notify'
import { useProjectId, useTimezone } from '@/components/useProject'
import { scopeWords } from './scopes'
import { fromField, toField } from './zoned'

interface Props {
  /** The one to change; without it a new one is made. */
  annotation?: Annotation
  /** When a new one is at first; default: now. */
  at?: string
  /** The insight that it is made from: a new one may be shown on its charts alone. */
  insightId?: number
  onClose: () => void
}

/** Says what happened, and when. */
export function AnnotationDialog({ annotation, at, insightId, onClose }: Props) {
  const projectId = useProjectId()
  const zone = useTimezone()
  const client = useQueryClient()
  const [content, setContent] = useState(annotation?.content ?? '')
  const [when, setWhen] = useState(toField(annotation?.date_marker ?? at ?? new Date(), zone))
  const [scope, setScope] = useState<AnnotationScope>(annotation?.scope ?? 'project')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const moment = fromField(when, zone)
  const isOfOne = annotation && (annotation.scope === 'dashboard' || annotation.scope === 'dashboard_item')
  const save = async () => {
    setBusy(true)
    setFailure(null)
    const given = {
      content: content.trim(),
      date_marker: moment,
      scope,
      ...(!annotation && scope === 'dashboard_item' && { dashboard_item: insightId }),
    }
    try {
      await (annotation
        ? changeAnnotation(projectId, annotation.id, given)
        : createAnnotation(projectId, given))
      await client.invalidateQueries({ queryKey: keys.all(projectId, 'annotations') })
      notifyDone('The annotation is saved.')
      onClose()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={annotation ? 'Edit annotation' : 'New annotation'} size="md">
      <form
        onSubmit={event => {
          event.preventDefault()
          if (content.trim() && moment && !busy) void save()
        }}
      >
        <Stack gap="sm">
          <Textarea
            label="What happened"
            placeholder="Version 3 is out"
            required
            autosize
            minRows={2}
            maxRows={8}
            maxLength={8192}
            value={content}
            onChange={event => setContent(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label="When"
            description={`In ${zone}`}
            type="datetime-local"
            required
            value={when}
            onChange={event => setWhen(event.currentTarget.value)}
          />
          <NativeSelect
            label="Shown on charts of"
            value={scope}
            onChange={event => setScope(event.currentTarget.value as AnnotationScope)}
            data={[
              ...(isOfOne ? [{ value: annotation.scope, label: scopeWords(annotation) }] : []),
              ...(!annotation && insightId ? [{ value: 'dashboard_item', label: 'This insight' }] : []),
              { value: 'project', label: 'This project' },
              { value: 'organization', label: 'All projects of the organisation' },
            ]}
          />
          {failure !== null && <Alert color="red">{errorText(failure)}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!content.trim() || !moment}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

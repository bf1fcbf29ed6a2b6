import { Group, Modal, ScrollArea, Text } from '@mantine/core'
import { CopyButton } from '@/components/CopyButton'
import { Json } from '@/components/Json'
import { cellText, jsonIn, type ResultColumn } from '../rows'

export interface OpenCell {
  column: ResultColumn
  value: unknown
}

/** One cell whole: text with its lines, JSON as a tree. */
export function CellModal({ cell, onClose }: { cell: OpenCell | null; onClose: () => void }) {
  const json = cell ? jsonIn(cell.value) : undefined
  const text = cell ? cellText(cell.value) : ''
  return (
    <Modal
      opened={cell !== null}
      onClose={onClose}
      size="lg"
      title={cell ? `${cell.column.name} · ${cell.column.type}` : ''}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      {json !== undefined ? (
        <Json value={json} open={2} />
      ) : (
        <Text
          className="monospace"
          style={{ whiteSpace: 'pre-wrap' }}
          c={text ? undefined : 'var(--hoglet-quiet)'}
        >
          {text || (cell?.value === '' ? 'An empty text' : 'Nothing (null)')}
        </Text>
      )}
      <Group justify="flex-end" mt="md">
        <CopyButton value={text} label="Copy" />
      </Group>
    </Modal>
  )
}

import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { type ExportFormat, exported } from '@/api/export'
import type { AnyQuery } from '@/api/query'
import { notifyFailed } from './notify'
import { useProjectId } from './useProject'

interface Props {
  /** The question whose answer goes into the file. */
  query: AnyQuery
  disabled?: boolean
}

/** The answer as a file, made in the background; up to 300,000 rows. */
export function ExportMenu({ query, disabled }: Props) {
  const projectId = useProjectId()
  const [busy, setBusy] = useState(false)
  const get = async (format: ExportFormat) => {
    setBusy(true)
    try {
      const link = document.createElement('a')
      link.href = await exported(projectId, query, format)
      link.download = ''
      link.click()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          loading={busy}
          disabled={disabled}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => get('text/csv')}>CSV</Menu.Item>
        <Menu.Item onClick={() => get('application/json')}>JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

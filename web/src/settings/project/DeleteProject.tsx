import { useQueryClient } from '@tanstack/react-query'
import { deleteProject } from '@/api/project'
import { ConfirmButton } from '@/components/ConfirmButton'
import { useProject, useProjectId } from '@/components/useProject'
import { Section } from '../Section'

/** What cannot be undone, so its name has to be typed. */
export function DeleteProject() {
  const project = useProject()
  const projectId = useProjectId()
  const client = useQueryClient()
  const remove = async () => {
    await deleteProject(projectId)
    client.clear()
    // To another project, or to making one; nothing of this one stays in the page.
    window.location.assign('/')
  }
  return (
    <Section
      title="Danger zone"
      description="Deleting the project ends its tokens at once and removes its events, persons and groups, and all that was made in it."
      action={
        <ConfirmButton
          label="Delete the project"
          title={`Delete ${project.name}?`}
          confirmLabel="Delete everything"
          typed={project.name}
          onConfirm={remove}
        >
          SDKs with its token are refused within a second. Dashboards, insights, cohorts, flags and all data
          of the project go, for everybody. This cannot be undone.
        </ConfirmButton>
      }
    />
  )
}

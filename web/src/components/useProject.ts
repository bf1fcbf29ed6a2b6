import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type Project, projectQuery } from '@/api/project'

/** The project's number as the address says it. */
export function useProjectId(): string {
  return useParams({ from: '/app/project/$projectId' }).projectId
}

/** The project of the page, with its settings. */
export function useProject(): Project {
  return useSuspenseQuery(projectQuery(useProjectId())).data
}

/** The zone that all times of the project are shown in. */
export function useTimezone(): string {
  return useProject().timezone || 'UTC'
}

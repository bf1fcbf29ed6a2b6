import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { addToCohort, type Cohort, cohortQuery, createCohort } from '@/api/cohort'
import { keys } from '@/api/keys'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { notifyDone } from '@/components/notify'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { CohortForm } from './CohortForm'
import { cohortRoute, newCohortRoute } from './routes'
import { StaticCohortForm } from './StaticCohortForm'

export function NewCohortPage() {
  const projectId = useProjectId()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { from, type } = newCohortRoute.useSearch()
  const source = useQuery({ ...cohortQuery(projectId, from ?? 0), enabled: from !== undefined })
  const made = async (cohort: Cohort) => {
    await client.invalidateQueries({ queryKey: keys.all(projectId, 'cohorts') })
    notifyDone(`“${cohort.name}” is saved.`)
    await navigate({ to: cohortRoute.to, params: { projectId, cohortId: String(cohort.id) } as never })
  }
  if (type === 'static') {
    return (
      <>
        <PageHeader
          title="New static cohort"
          description="A list that changes only when somebody changes it"
        />
        <StaticCohortForm
          onSave={async (details, csv, persons) => {
            const cohort = await createCohort(projectId, { ...details, is_static: true }, csv)
            if (persons.length > 0) await addToCohort(projectId, cohort.id, persons)
            await made(cohort)
          }}
        />
      </>
    )
  }
  return (
    <>
      <PageHeader title="New cohort" description="Whoever matches belongs to it; it is kept up to date" />
      {source.error ? (
        <ErrorState error={source.error} onRetry={() => source.refetch()} />
      ) : from !== undefined && !source.data ? (
        <LoadingText lines={6} />
      ) : (
        <CohortForm
          initial={source.data && { ...source.data, name: `${source.data.name} (copy)`.slice(0, 400) }}
          saveLabel="Create cohort"
          onSave={async change => made(await createCohort(projectId, { ...change, is_static: false }))}
        />
      )}
    </>
  )
}

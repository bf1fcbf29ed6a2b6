import { Badge, Group, Loader, Tabs } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type Cohort, changeCohort, cohortActivityQuery, cohortQuery, isCalculating } from '@/api/cohort'
import { ApiError } from '@/api/errors'
import { keys } from '@/api/keys'
import { ActivityList } from '@/components/ActivityList'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { counted } from '@/components/format'
import { LoadingText } from '@/components/Loading'
import { notifyDone } from '@/components/notify'
import { PageHeader } from '@/components/PageHeader'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { CohortDetailsForm } from './CohortDetailsForm'
import { CohortForm } from './CohortForm'
import { CohortMenu } from './CohortMenu'
import { CohortPeople } from './CohortPeople'
import { cohortRoute, cohortsRoute } from './routes'

export function CohortPage() {
  const projectId = useProjectId()
  const client = useQueryClient()
  const navigate = useNavigate()
  const mayChange = useMay('member')
  const { cohortId } = cohortRoute.useParams()
  const [state, change] = useUrlState(cohortRoute)
  const found = useQuery(cohortQuery(projectId, cohortId))
  const cohort = found.data
  if (!cohort) {
    return (
      <>
        <PageHeader title="Cohort" />
        {found.error instanceof ApiError && found.error.isGone ? (
          <EmptyState icon={IconUsersGroup} title="There is no such cohort">
            It may have been deleted, or belongs to another project.
          </EmptyState>
        ) : found.error ? (
          <ErrorState error={found.error} onRetry={() => found.refetch()} />
        ) : (
          <LoadingText lines={6} />
        )}
      </>
    )
  }
  const save = async (changed: Parameters<typeof changeCohort>[2]) => {
    const after = await changeCohort(projectId, cohort.id, changed)
    client.setQueryData(cohortQuery(projectId, cohortId).queryKey, after)
    await client.invalidateQueries({ queryKey: keys.all(projectId, 'cohorts') })
    notifyDone('The cohort is saved.')
  }
  return (
    <>
      <PageHeader
        title={cohort.name || `Cohort ${cohort.id}`}
        description={<Told cohort={cohort} />}
        actions={
          <CohortMenu
            cohort={cohort}
            onDeleted={() => void navigate({ to: cohortsRoute.to, params: { projectId } as never })}
          />
        }
      />
      <Tabs
        value={state.tab ?? 'people'}
        onChange={tab => change({ tab: tab === 'people' ? undefined : (tab as 'activity') }, { push: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="people">People</Tabs.Tab>
          <Tabs.Tab value="definition">{cohort.is_static ? 'Details' : 'Criteria'}</Tabs.Tab>
          <Tabs.Tab value="activity">Activity</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <CohortPeople cohort={cohort} />
        </Tabs.Panel>
        <Tabs.Panel value="definition">
          {cohort.is_static ? (
            <CohortDetailsForm cohort={cohort} readOnly={!mayChange} onSave={save} />
          ) : (
            <CohortForm initial={cohort} saveLabel="Save" readOnly={!mayChange} onSave={save} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <CohortActivity id={cohort.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Told({ cohort }: { cohort: Cohort }) {
  return (
    <Group gap="xs" component="span">
      <Badge variant={cohort.is_static ? 'default' : 'light'} tt="none" component="span">
        {cohort.is_static ? 'Static' : 'Dynamic'}
      </Badge>
      {isCalculating(cohort) ? (
        <>
          <Loader size={12} aria-hidden /> <span role="status">Finding its people…</span>
        </>
      ) : (
        <span>
          {cohort.count !== null && counted(cohort.count, 'person', 'people')}
          {cohort.last_calculation && (
            <>
              , calculated <TimeAgo value={cohort.last_calculation} />
            </>
          )}
          {cohort.errors_calculating > 0 &&
            `; the last ${counted(cohort.errors_calculating, 'attempt')} failed`}
        </span>
      )}
      {cohort.description && <span>· {cohort.description}</span>}
    </Group>
  )
}

function CohortActivity({ id }: { id: number }) {
  return <ActivityList found={useInfiniteQuery(cohortActivityQuery(useProjectId(), id))} />
}

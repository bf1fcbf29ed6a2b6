import {
  type Icon,
  IconChartHistogram,
  IconFlag,
  IconLayoutDashboard,
  IconUser,
  IconUsersGroup,
} from '@tabler/icons-react'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { api, take } from '@/api/client'
import { keys } from '@/api/keys'
import type { Page } from '@/api/page'
import { offered } from './navigation'
import { useProjectHere } from './useProjectHere'

export interface Hit {
  href: string
  name: string
  kind: string
  icon: Icon
}

interface Found {
  id: number | string
  short_id?: string
  uuid?: string
  name?: string | null
  derived_name?: string | null
  key?: string
}

interface Searched {
  path: string
  kind: string
  icon: Icon
  /** The address of the thing within the project, and the route that must exist for it. */
  to: (one: Found) => string
  route: string
}

const LIMIT = 6
const KINDS: readonly Searched[] = [
  {
    path: 'insights',
    kind: 'Insight',
    icon: IconChartHistogram,
    to: one => `insights/${one.short_id}`,
    route: 'insights/$shortId',
  },
  {
    path: 'dashboards',
    kind: 'Dashboard',
    icon: IconLayoutDashboard,
    to: one => `dashboards/${one.id}`,
    route: 'dashboards/$dashboardId',
  },
  {
    path: 'feature_flags',
    kind: 'Flag',
    icon: IconFlag,
    to: one => `flags/${one.id}`,
    route: 'flags/$flagId',
  },
  {
    path: 'cohorts',
    kind: 'Cohort',
    icon: IconUsersGroup,
    to: one => `cohorts/${one.id}`,
    route: 'cohorts/$cohortId',
  },
  {
    path: 'persons',
    kind: 'Person',
    icon: IconUser,
    to: one => `persons/${one.uuid ?? one.id}`,
    route: 'persons/$personId',
  },
]

/**
 * What was typed finds: pages at once, things as the server answers to `text`, which follows when typing pauses.
 * Kinds without a page are not asked for.
 */
export function useHits(typed: string, text: string): { hits: Hit[]; busy: boolean } {
  const router = useRouter()
  const projectId = useProjectHere()
  const has = (route: string) => route in router.routesByPath
  const asked = KINDS.filter(one => has(`/project/$projectId/${one.route}`))
  const found = useQueries({
    queries: asked.map(one => ({
      queryKey: keys.list(projectId, one.path, { search: text, limit: LIMIT }),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        take<Page<Found>>(
          // One address for several kinds is more than the generated types can say.
          api.GET(`/api/projects/{project_id}/${one.path}/` as '/api/projects/{project_id}/cohorts/', {
            params: { path: { project_id: projectId }, query: { search: text, limit: LIMIT } },
            signal,
          }),
        ),
      enabled: text.length > 1,
      staleTime: 30_000,
      placeholderData: keepPreviousData,
    })),
  })
  const pages = offered(has)
    .flatMap(group => group.entries)
    .filter(one => matches(`${one.label} ${one.also ?? ''}`, typed))
    .map(one => ({
      href: one.to.replace('$projectId', projectId),
      name: one.label,
      kind: 'Page',
      icon: one.icon,
    }))
  const things = found.flatMap((answer, index) => {
    const kind = asked[index]
    if (!kind || text.length < 2) return []
    return (answer.data?.results ?? []).map(one => ({
      href: `/project/${projectId}/${kind.to(one)}`,
      name: one.key ?? (one.name || one.derived_name || 'Unnamed'),
      kind: kind.kind,
      icon: kind.icon,
    }))
  })
  return { hits: [...pages, ...things], busy: typed !== text || found.some(one => one.isFetching) }
}

function matches(words: string, text: string): boolean {
  const all = words.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(part => all.includes(part))
}

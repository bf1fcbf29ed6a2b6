import { useInfiniteQuery } from '@tanstack/react-query'
import { type Person, personActivityQuery } from '@/api/person'
import { ActivityList } from '@/components/ActivityList'
import { useProjectId } from '@/components/useProject'

export function PersonActivity({ person }: { person: Person }) {
  return <ActivityList found={useInfiniteQuery(personActivityQuery(useProjectId(), person.id))} />
}

import { Anchor } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import classes from './PersonLink.module.css'
import { isPerson, personName } from './person'
import { useProject } from './useProject'

interface Props {
  /** A person as answers hold them; anything else is shown by the distinct id. */
  person: unknown
  distinctId: string
}

/** A person's name, leading to their page. */
export function PersonLink({ person, distinctId }: Props) {
  const project = useProject()
  const router = useRouter()
  const known = isPerson(person) ? person : {}
  const name = personName(known, distinctId, project.person_display_name_properties)
  const id = known.uuid ?? distinctId
  if (!('/project/$projectId/persons/$personId' in router.routesByPath) || !id)
    return (
      <span className={classes.name} title={distinctId}>
        {name}
      </span>
    )
  const href = `/project/${project.id}/persons/${encodeURIComponent(id)}`
  return (
    <Anchor
      href={href}
      title={distinctId}
      inherit
      className={classes.name}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        void router.navigate({ href })
      }}
    >
      {name}
    </Anchor>
  )
}

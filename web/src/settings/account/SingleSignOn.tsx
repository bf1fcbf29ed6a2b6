import { Badge, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { sessionStateQuery } from '@/api/session'
import { useSession } from '@/session/session'
import { Section } from '../Section'

/** Whether one may sign in by the provider, where there is one. */
export function SingleSignOn() {
  const me = useSession()
  const { href } = useLocation()
  const { data } = useQuery(sessionStateQuery())
  if (!data?.oidc.is_enabled) return null
  const { name, path } = data.oidc
  return (
    <Section
      title="Single sign-on"
      description={`Sign in with ${name} instead of your password.`}
      action={
        <Badge variant="light" color={me.has_social_auth ? 'teal' : 'gray'} tt="none">
          {me.has_social_auth ? 'Linked' : 'Off'}
        </Badge>
      }
    >
      {!me.has_social_auth && (
        <Button component="a" href={`${path}?${new URLSearchParams({ link: '1', next: href })}`}>
          Link {name}
        </Button>
      )}
    </Section>
  )
}

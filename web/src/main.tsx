import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './global.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { onSignedOut } from '@/api/client'
import { ApiError } from '@/api/errors'
import { queryClient } from '@/api/queryClient'
import { router } from './router'
import { theme } from './theme'

const colorSchemes = localStorageColorSchemeManager({ key: 'hoglet-color-scheme' })

// Before the first paint, so that dark pages don't flash white; the policy for scripts forbids doing it inline.
const chosen = colorSchemes.get('auto')
const dark = chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')

// A session that ended while the page was open: sign in, and come back to where one was. What was kept goes once the
// page that shows it is gone.
let leaving = false
onSignedOut(async () => {
  const { pathname, href } = router.state.location
  if (leaving || pathname.startsWith('/sign-in')) return
  leaving = true
  await router.navigate({ to: '/sign-in', search: { next: href } })
  queryClient.clear()
  leaving = false
})

// The code of the page comes while the routes above it ask who is there and for what project.
for (const { routeId } of router.matchRoutes(router.latestLocation)) {
  void router.loadRouteChunk(router.routesById[routeId as keyof typeof router.routesById] as never)
}

const root = document.getElementById('root')
if (root) {
  // What the API refused is told on the page; only our own mistakes are for the console.
  const onCaughtError = (error: unknown) => {
    if (!(error instanceof ApiError)) reportError(error)
  }
  createRoot(root, { onCaughtError }).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

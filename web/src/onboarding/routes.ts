import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { oneOf, search } from '@/components/urlState'
import { projectRoute } from '@/parents'
import { SDK_IDS } from './sdkIds'

export const onboardingRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'onboarding',
  validateSearch: search({ sdk: oneOf(...SDK_IDS) }),
  component: lazyRouteComponent(() => import('./OnboardingPage'), 'OnboardingPage'),
})

/** The pages of this product; the router takes them from here. */
export const onboardingRoutes = [onboardingRoute] as const

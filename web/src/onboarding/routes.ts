/** The pages of this product; the router takes them from here. */
export const onboardingRoutes = [] as const

/** Pages that need no account; the router takes them from here. */
export const sharedRoutes = [] as const

/** The pages of this product; the router takes them from here. */
export const definitionsRoutes = [] as const

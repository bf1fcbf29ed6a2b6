/** The pages of this product; the router takes them from here. */
export const homeRoutes = [] as const

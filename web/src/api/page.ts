/** A list as the API answers it. */
export interface Page<T> {
  count?: number
  next: string | null
  previous: string | null
  results: T[]
}

/** A list's rows in a page, and how `useInfiniteQuery` finds the one after the last. */
export const PAGE_ROWS = 100

export function byPages(rows = PAGE_ROWS) {
  return {
    initialPageParam: 0,
    getNextPageParam: (last: { next: string | null }, pages: readonly unknown[]) =>
      last.next ? pages.length * rows : undefined,
  }
}

/** Whoever made or changed something, in short. */
export interface UserBasic {
  id: number
  uuid: string
  first_name: string
  last_name?: string
  email: string
}

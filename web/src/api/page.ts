/** A list as the API answers it. */
export interface Page<T> {
  count?: number
  next: string | null
  previous: string | null
  results: T[]
}

/** Whoever made or changed something, in short. */
export interface UserBasic {
  id: number
  uuid: string
  first_name: string
  last_name?: string
  email: string
}

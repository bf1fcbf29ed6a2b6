import type { Project, ProjectBasic } from './project'

export interface Organization {
  id: string
  name: string
  slug?: string
  membership_level?: number | null
  role?: string
  teams?: ProjectBasic[]
  projects?: ProjectBasic[]
}

/** Who is signed in, with the project and organisation they looked at last. */
export interface User {
  id: number
  uuid: string
  first_name: string
  last_name: string
  email: string
  date_joined: string
  has_password: boolean
  has_social_auth: boolean
  is_2fa_enabled: boolean
  is_staff: boolean
  team: Project | null
  organization: Organization | null
  organizations: Organization[]
  [field: string]: unknown
}

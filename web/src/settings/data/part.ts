import type { Project } from '@/api/project'
import type { useSaveProject } from '../useSaveProject'

/** What every setting is given. */
export interface SettingPart {
  project: Project
  mayChange: boolean
  saving: ReturnType<typeof useSaveProject>
}

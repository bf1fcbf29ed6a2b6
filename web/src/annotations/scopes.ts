import type { Annotation } from '@/api/annotation'

/** Where an annotation is shown, in words. */
export function scopeWords(one: Annotation): string {
  if (one.scope === 'organization') return 'All projects'
  if (one.scope === 'dashboard_item') {
    return `Insight: ${one.insight_name || one.insight_derived_name || one.insight_short_id || 'deleted'}`
  }
  if (one.scope === 'dashboard') return `Dashboard: ${one.dashboard_name || 'deleted'}`
  return 'This project'
}

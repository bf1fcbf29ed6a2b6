/** What happened to a thing, as sentences without who did it: `Renamed from “A” to “B”`. */
import type { Activity, ActivityChange } from '@/api/activity'
import { exact } from './format'

const DEEDS: Readonly<Record<string, string>> = {
  created: 'Created',
  deleted: 'Deleted',
  restored: 'Restored',
  exported: 'Exported',
  rolled: 'Replaced the key by another',
  updated: 'Saved without a change',
  'sharing enabled': 'Shared by a link',
  'sharing disabled': 'No longer shared by a link',
  'access token refreshed': 'Made another link to share it by',
  split_person: 'Split into a person for each distinct id',
}

/** On and off, for fields that are one of two. */
const SWITCHES: Readonly<Record<string, readonly [on: string, off: string]>> = {
  active: ['Turned on', 'Turned off'],
  pinned: ['Pinned', 'No longer pinned'],
  favorited: ['Made a favourite', 'No longer a favourite'],
  deleted: ['Deleted', 'Restored'],
  archived: ['Archived', 'Taken out of the archive'],
  hidden: ['Hidden', 'No longer hidden'],
  verified: ['Verified', 'No longer verified'],
  saved: ['Saved', 'No longer saved'],
  sharing: ['Shared by a link', 'No longer shared by a link'],
  is_static: ['Made static', 'Made dynamic'],
  is_remote_configuration: ['Made a remote config', 'No longer a remote config'],
  ensure_experience_continuity: ['Kept for people across signing in', 'No longer kept across signing in'],
  hidden_in_user_interface: ['Hidden from charts', 'Shown on charts again'],
}

/** Names of fields that do not say themselves what they are. */
const FIELDS: Readonly<Record<string, string>> = {
  filters: 'what it holds for',
  query: 'the question',
  dashboards: 'the dashboards it is on',
  layouts: 'the layout',
  tiles: 'the tiles',
  steps_json: 'the steps',
  steps: 'the steps',
  date_marker: 'the time',
  content: 'the text',
  dashboard_item: 'the insight it belongs to',
  dashboard_id: 'the dashboard it belongs to',
  primary_dashboard: 'the home page’s dashboard',
  api_token: 'the project token',
  name_singular: 'the name for one',
  name_plural: 'the name for many',
  members: 'the people in it',
}
/** Their values are numbers of things, which nobody knows by them. */
const REFERENCES = new Set(['dashboard_id', 'dashboard_item', 'primary_dashboard', 'owner'])
const TEXT_MAX = 60
const LISTED_MAX = 5

export function activityWords(one: Activity): string[] {
  const changes = one.detail.changes ?? []
  if (one.activity === 'people_merged_into') return [mergedWords(changes)]
  if (one.activity === 'person_removed') return ['Took a person out']
  if (one.activity === 'persons_added') {
    const count = Number(changes[0]?.after)
    return [count === 1 ? 'Added a person' : `Added ${Number.isFinite(count) ? exact(count) : 'some'} people`]
  }
  // Of those that are deleted, restored or shared the only change says the same again.
  const said = Object.hasOwn(DEEDS, one.activity) ? DEEDS[one.activity] : undefined
  if (said && one.activity !== 'updated') {
    const more = changes.filter(change => change.field && !SAID_BY_DEED.has(change.field))
    return [said, ...more.map(changeWords)]
  }
  const found = changes.filter(change => change.field).map(changeWords)
  return found.length > 0 ? found : [said ?? sentence(one.activity)]
}

const SAID_BY_DEED = new Set(['deleted', 'sharing'])

function mergedWords(changes: ActivityChange[]): string {
  const others = changes.flatMap(change => (Array.isArray(change.after) ? change.after : []))
  if (others.length === 0) return 'Merged others into this person'
  return others.length === 1
    ? 'Merged another person into this one'
    : `Merged ${others.length} others into this person`
}

/** One field, from what to what. */
export function changeWords(change: ActivityChange): string {
  const { field, before, after } = change
  if (!field) return sentence(change.action)
  const words = Object.hasOwn(SWITCHES, field) ? SWITCHES[field] : undefined
  if (words && typeof after === 'boolean') return after ? words[0] : words[1]
  if (field === 'tags') return listWords('tag', before, after)
  const rollout = field === 'filters' ? rolloutWords(before, after) : null
  if (rollout) return rollout
  if (field === 'name' && isSaid(before) && isSaid(after)) {
    return `Renamed from ${shown(before)} to ${shown(after)}`
  }
  const name = fieldWords(field)
  if (!isPlain(before) || !isPlain(after) || REFERENCES.has(field)) {
    if (isEmpty(after)) return `Took away ${name}`
    return isEmpty(before) ? `Set ${name}` : `Changed ${name}`
  }
  if (isEmpty(after))
    return isEmpty(before) ? `Cleared ${name}` : `Cleared ${name}, which was ${shown(before)}`
  if (isEmpty(before)) return `Set ${name} to ${shown(after)}`
  return `Changed ${name} from ${shown(before)} to ${shown(after)}`
}

/** `properties.plan` is the property plan; `week_start_day` is the week start day. */
function fieldWords(field: string): string {
  const known = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined
  if (known) return known
  const property = /^(?:group_)?properties\.([\s\S]+)$/.exec(field)
  return property ? `the property ${property[1]}` : `the ${field.replaceAll('_', ' ')}`
}

function listWords(name: string, before: unknown, after: unknown): string {
  const [was, is] = [before, after].map(one => (Array.isArray(one) ? one.map(String) : []))
  const added = (is ?? []).filter(one => !was?.includes(one))
  const removed = (was ?? []).filter(one => !is?.includes(one))
  const told = (names: string[]) =>
    `${names.length === 1 ? name : `${name}s`} ${names.slice(0, LISTED_MAX).map(shown).join(', ')}${names.length > LISTED_MAX ? ` and ${names.length - LISTED_MAX} more` : ''}`
  const parts = [
    added.length > 0 && `added the ${told(added)}`,
    removed.length > 0 && `took away the ${told(removed)}`,
  ].filter(Boolean)
  return parts.length > 0 ? sentence(parts.join(' and ')) : `Changed the order of ${name}s`
}

interface Conditions {
  groups?: { rollout_percentage?: number | null }[]
}

/** Where nothing of a flag's conditions changed but the share of one of them. */
function rolloutWords(before: unknown, after: unknown): string | null {
  const [was, is] = [before, after].map(one => (one ?? {}) as Conditions)
  const [olds, news] = [was?.groups, is?.groups]
  if (!Array.isArray(olds) || !Array.isArray(news) || olds.length !== news.length) return null
  const share = (one: { rollout_percentage?: number | null } | undefined) => one?.rollout_percentage ?? 100
  const changed = news.flatMap((one, at) => (share(one) === share(olds[at]) ? [] : [at]))
  const bare = (one: Conditions | undefined) =>
    JSON.stringify({ ...one, groups: one?.groups?.map(group => ({ ...group, rollout_percentage: null })) })
  const [at] = changed
  if (at === undefined || changed.length > 1 || bare(was) !== bare(is)) return null
  const where = news.length > 1 ? ` of condition ${at + 1}` : ''
  return `Changed the roll-out${where} from ${share(olds[at])}% to ${share(news[at])}%`
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

function isPlain(value: unknown): boolean {
  return value === null || value === undefined || typeof value !== 'object'
}

function isSaid(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value !== 'string') return String(value)
  return `“${value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX - 1)}…` : value}”`
}

function sentence(text: string): string {
  const words = text.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

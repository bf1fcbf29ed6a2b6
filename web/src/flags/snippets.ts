/** How code asks for a flag, in the words of each SDK. */
import type { Flag } from '@/api/flag'

export interface Snippet {
  id: 'js' | 'react' | 'node' | 'python'
  label: string
  code: string
}

type Asked = Pick<Flag, 'key' | 'is_remote_configuration' | 'filters'>

export function snippetsOf(flag: Asked): Snippet[] {
  const { key } = flag
  const variant = flag.filters.multivariate?.variants.at(-1)?.key
  if (flag.is_remote_configuration) return remoteSnippets(key)
  const hasPayload = Object.keys(flag.filters.payloads ?? {}).length > 0
  return [
    { id: 'js', label: 'JavaScript', code: js(key, variant, hasPayload) },
    { id: 'react', label: 'React', code: react(key, variant, hasPayload) },
    { id: 'node', label: 'Node.js', code: node(key, variant, hasPayload) },
    { id: 'python', label: 'Python', code: python(key, variant, hasPayload) },
  ]
}

function js(key: string, variant: string | undefined, hasPayload: boolean): string {
  const asked = variant
    ? `posthog.getFeatureFlag('${key}') === '${variant}'`
    : `posthog.isFeatureEnabled('${key}')`
  return lines(
    'posthog.onFeatureFlags(() => {',
    `  if (${asked}) {`,
    hasPayload && `    const payload = posthog.getFeatureFlagPayload('${key}')`,
    '    // show it',
    '  }',
    '})',
  )
}

function react(key: string, variant: string | undefined, hasPayload: boolean): string {
  const hooks = [variant ? 'useFeatureFlagVariantKey' : 'useFeatureFlagEnabled']
  if (hasPayload) hooks.push('useFeatureFlagPayload')
  return lines(
    `import { ${hooks.join(', ')} } from 'posthog-js/react'`,
    '',
    'function Feature() {',
    variant
      ? `  const isOn = useFeatureFlagVariantKey('${key}') === '${variant}'`
      : `  const isOn = useFeatureFlagEnabled('${key}')`,
    hasPayload && `  const payload = useFeatureFlagPayload('${key}')`,
    '  return isOn ? <NewOne /> : <OldOne />',
    '}',
  )
}

function node(key: string, variant: string | undefined, hasPayload: boolean): string {
  const asked = variant
    ? `(await posthog.getFeatureFlag('${key}', distinctId)) === '${variant}'`
    : `await posthog.isFeatureEnabled('${key}', distinctId)`
  return lines(
    `if (${asked}) {`,
    hasPayload && `  const payload = await posthog.getFeatureFlagPayload('${key}', distinctId)`,
    '  // do it',
    '}',
  )
}

function python(key: string, variant: string | undefined, hasPayload: boolean): string {
  const asked = variant
    ? `posthog.get_feature_flag("${key}", distinct_id) == "${variant}"`
    : `posthog.feature_enabled("${key}", distinct_id)`
  return lines(
    `if ${asked}:`,
    hasPayload && `    payload = posthog.get_feature_flag_payload("${key}", distinct_id)`,
    '    ...  # do it',
  )
}

function remoteSnippets(key: string): Snippet[] {
  return [
    {
      id: 'node',
      label: 'Node.js',
      code: `const value = await posthog.getRemoteConfigPayload('${key}')`,
    },
    { id: 'python', label: 'Python', code: `value = posthog.get_remote_config_payload("${key}")` },
    {
      id: 'js',
      label: 'JavaScript',
      code: lines(
        'posthog.onFeatureFlags(() => {',
        `  const value = posthog.getFeatureFlagPayload('${key}')`,
        '})',
      ),
    },
  ]
}

function lines(...given: (string | false)[]): string {
  return given.filter(one => one !== false).join('\n')
}

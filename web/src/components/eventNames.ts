/** What PostHog's own events and properties are called for people. */
const EVENTS: Readonly<Record<string, string>> = {
  $pageview: 'Pageview',
  $pageleave: 'Pageleave',
  $autocapture: 'Autocapture',
  $screen: 'Screen',
  $identify: 'Identify',
  $create_alias: 'Alias',
  $merge_dangerously: 'Merge',
  $groupidentify: 'Group identify',
  $set: 'Set person properties',
  $feature_flag_called: 'Feature flag called',
  $exception: 'Exception',
  $rageclick: 'Rageclick',
  $dead_click: 'Dead click',
  $web_vitals: 'Web vitals',
  $opt_in: 'Opt in',
  $ai_generation: 'AI generation',
  $ai_trace: 'AI trace',
  $ai_span: 'AI span',
  'survey shown': 'Survey shown',
  'survey sent': 'Survey sent',
  'survey dismissed': 'Survey dismissed',
}

/** The name for people, if the event has one. */
export function knownEvent(name: string): string | undefined {
  return Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined
}

const PROPERTIES: Readonly<Record<string, string>> = {
  $browser: 'Browser',
  $browser_version: 'Browser version',
  $os: 'OS',
  $os_version: 'OS version',
  $device_type: 'Device type',
  $device: 'Device',
  $current_url: 'Current URL',
  $pathname: 'Path',
  $host: 'Host',
  $referrer: 'Referrer',
  $referring_domain: 'Referring domain',
  $lib: 'Library',
  $lib_version: 'Library version',
  $ip: 'IP address',
  $session_id: 'Session id',
  $window_id: 'Window id',
  $screen_height: 'Screen height',
  $screen_width: 'Screen width',
  $geoip_country_code: 'Country code',
  $geoip_country_name: 'Country',
  $geoip_city_name: 'City',
  $feature_flag: 'Feature flag',
  $feature_flag_response: 'Feature flag response',
  $event_type: 'Event type',
  $exception_types: 'Exception types',
  $exception_values: 'Exception messages',
  $exception_sources: 'Exception files',
  $exception_functions: 'Exception functions',
  $exception_level: 'Exception level',
  $exception_handled: 'Exception handled',
  $exception_fingerprint: 'Exception fingerprint',
  $exception_fingerprint_version: 'Exception fingerprint version',
  $exception_issue_id: 'Exception issue id',
  $exception_release: 'Exception release',
  $app_version: 'App version',
  utm_source: 'UTM source',
  utm_medium: 'UTM medium',
  utm_campaign: 'UTM campaign',
}

export function knownProperty(key: string): string | undefined {
  const of = key.startsWith('$initial_')
    ? (knownProperty(`$${key.slice(9)}`) ?? knownProperty(key.slice(9)))
    : undefined
  if (of) return `Initial ${of}`
  return Object.hasOwn(PROPERTIES, key) ? PROPERTIES[key] : undefined
}

/** Each kind of warning in plain words: what happened, and what to do. */

export interface Told {
  title: string
  happened: string
  /** What to do about it. */
  todo: string
}

const KINDS: Readonly<Record<string, Told>> = {
  cannot_merge_already_identified: {
    title: 'Two identified persons were not merged',
    happened:
      'An identify or alias named a distinct id that already belongs to another identified person. Merging identified persons is refused, because it mostly means that two people share a device or an id. The event was kept.',
    todo: 'Call reset() when somebody signs out, and use an id of your own for identify(), the same on every device. If the two really are one person, merge them on the person’s page.',
  },
  cannot_merge_with_illegal_distinct_id: {
    title: 'A distinct id is a placeholder',
    happened:
      'An identify or alias named an id such as “null”, “undefined”, “0” or “anonymous”. Merging by it would join strangers into one person, so nothing was merged.',
    todo: 'Find where the id is read before it is known, and call identify() only once there is a real one.',
  },
  merge_move_limit_exceeded: {
    title: 'A person has too many distinct ids to be merged',
    happened: 'The person who should have been merged has more distinct ids than one merge may move.',
    todo: 'Look for code that makes a new distinct id with every request or page, often a server that has no id at hand.',
  },
  merge_race_condition: {
    title: 'A merge met another one',
    happened: 'Two merges of the same persons came at once, and one was given up.',
    todo: 'Mostly nothing: the next identify merges them. If it happens often, identify once, not on each page.',
  },
  skipping_event_invalid_distinct_id: {
    title: 'The distinct id is too long',
    happened: 'Distinct ids have a limit in length. The event was dropped.',
    todo: 'Send a short id: a key of your database, or a hash, but not a token or a whole address.',
  },
  invalid_event_when_process_person_profile_is_false: {
    title: 'An event about a person came without person processing',
    happened:
      'An $identify, $create_alias, $merge_dangerously or $groupidentify was sent with $process_person_profile set to false. It has no meaning without a person, and was dropped.',
    todo: 'Leave $process_person_profile out of these events, or do not send them for anonymous visitors.',
  },
  invalid_process_person_profile: {
    title: '$process_person_profile is neither true nor false',
    happened: 'The property had another value, such as the text “false”. It was read as true.',
    todo: 'Send a boolean: false, not "false".',
  },
  person_properties_size_violation: {
    title: 'A person’s properties are too large',
    happened:
      'The change would have made the person’s properties larger than their limit. The event was kept, the change not.',
    todo: 'Keep lists, documents and histories out of person properties. Unset those that are no longer needed.',
  },
  person_upsert_message_size_too_large: {
    title: 'A person is too large to be saved',
    happened: 'The person’s properties are beyond their limit in size. The change was left out.',
    todo: 'Keep lists, documents and histories out of person properties.',
  },
  group_upsert_message_size_too_large: {
    title: 'A group is too large to be saved',
    happened: 'The group’s properties are beyond their limit in size. The change was left out.',
    todo: 'Keep lists and documents out of group properties.',
  },
  group_key_too_long: {
    title: 'A group’s key is too long',
    happened: 'Keys of groups have a limit in length. The group was left out; the event was kept.',
    todo: 'Use a short key: the id of the company or workspace in your database.',
  },
  invalid_group_set: {
    title: '$group_set holds no properties',
    happened:
      'A $groupidentify came whose $group_set is not an object. The group’s properties did not change.',
    todo: 'Send $group_set as an object of names and values.',
  },
  message_size_too_large: {
    title: 'An event is too large',
    happened: 'The event was larger than the limit for one event, and was dropped.',
    todo: 'Keep page contents, files and logs out of properties. Details tell which event it was.',
  },
  event_dropped_too_old: {
    title: 'Events are older than the project takes',
    happened: 'The project has a limit for how old an event may be when it arrives. Older ones are dropped.',
    todo: 'If you import history, raise or remove the limit in the project’s settings first.',
  },
  client_ingestion_warning: {
    title: 'The SDK noticed something',
    happened: 'The SDK itself sent this warning. Its message is in the details.',
    todo: 'Read the message. A newer version of the SDK often helps.',
  },
  ignored_invalid_timestamp: {
    title: 'A timestamp cannot be read',
    happened: 'The event’s timestamp is no date. The time of arrival was taken instead.',
    todo: 'Send timestamps as ISO 8601 in UTC, such as 2026-01-31T12:00:00Z.',
  },
  schema_validation_failed: {
    title: 'An event does not fit its schema',
    happened: 'The event has properties that its schema refuses.',
    todo: 'Compare the details with the schema, and change one or the other.',
  },
  invalid_heatmap_data: {
    title: 'Heatmap data cannot be read',
    happened:
      'The heatmap of an event is not in the form that SDKs send. It was left out; the event was kept.',
    todo: 'Update the SDK. If you send $heatmap_data yourself, leave it out.',
  },
  rejecting_heatmap_data_with_invalid_url: {
    title: 'Heatmap data without an address',
    happened: 'A heatmap came for a blank address, and was left out.',
    todo: 'Update the SDK, and look for pages that change their address to nothing.',
  },
  rejecting_heatmap_data_with_invalid_items: {
    title: 'Heatmap data without positions',
    happened: 'The positions of a heatmap are not a list. They were left out.',
    todo: 'Update the SDK. If you send $heatmap_data yourself, leave it out.',
  },
  invalid_ai_token_property: {
    title: 'A count of tokens is no number',
    happened: 'An $ai_ event has a number of tokens that cannot be read, so that its cost is not known.',
    todo: 'Send $ai_input_tokens and $ai_output_tokens as numbers.',
  },
  cookieless_missing_user_agent: {
    title: 'A cookieless event has no user agent',
    happened:
      'Without cookies, visitors are told apart by address, user agent and host. The event lacks one, and was dropped.',
    todo: 'Send $raw_user_agent along, which proxies sometimes take out.',
  },
  cookieless_missing_ip: {
    title: 'A cookieless event has no IP address',
    happened:
      'Without cookies, visitors are told apart by address, user agent and host. The event lacks one, and was dropped.',
    todo: 'Let your proxy pass the visitor’s address on in X-Forwarded-For.',
  },
  cookieless_missing_host: {
    title: 'A cookieless event has no host',
    happened:
      'Without cookies, visitors are told apart by address, user agent and host. The event lacks one, and was dropped.',
    todo: 'Send $host along; SDKs for browsers do.',
  },
  cookieless_timestamp_out_of_range: {
    title: 'A cookieless event is too old',
    happened:
      'Visitors without cookies are only known for their day. The event came later than that, and was dropped.',
    todo: 'Send events soon after they happen, and check the clock of the sender.',
  },
  replay_lib_version_too_old: {
    title: 'The SDK is too old for recordings',
    happened: 'A recording came from an old version of the SDK.',
    todo: 'Update posthog-js.',
  },
  message_contained_no_valid_rrweb_events: {
    title: 'A recording holds nothing to play',
    happened: 'A part of a recording had no readable events, and was left out.',
    todo: 'Update the SDK. Browser extensions and proxies that change bodies cause this too.',
  },
  message_timestamp_diff_too_large: {
    title: 'A recording’s clock is off',
    happened: 'A part of a recording has times far from its arrival.',
    todo: 'Mostly a visitor’s wrong clock: nothing to do.',
  },
}

/** Kinds that are told of by others than us are shown by their name. */
export function toldOf(type: string): Told {
  if (Object.hasOwn(KINDS, type)) return KINDS[type] as Told
  const words = type.replaceAll('_', ' ')
  return {
    title: words.charAt(0).toUpperCase() + words.slice(1),
    happened: 'There is no explanation for this kind yet. The details tell what was noticed.',
    todo: 'Look at the examples for the event and the SDK that they have in common.',
  }
}

export const KNOWN_KINDS: readonly string[] = Object.keys(KINDS)

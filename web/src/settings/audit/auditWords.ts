/** What the audit log's words mean, for people. */
export const ACTIONS: Readonly<Record<string, string>> = {
  signed_in: 'Signed in',
  sign_in_failed: 'Failed to sign in',
  signed_out: 'Signed out',
  session_ended: 'Ended a session',
  other_sessions_ended: 'Ended all other sessions',
  setup_completed: 'Finished the setup',
  email_changed: 'Changed the email address',
  password_changed: 'Changed the password',
  password_reset_made: 'Made a link for a new password',
  password_reset: 'Chose a new password by a link',
  second_factor_enabled: 'Turned on the second factor',
  second_factor_disabled: 'Turned off the second factor',
  second_factor_taken: 'Took away a second factor',
  recovery_code_used: 'Used a recovery code',
  recovery_codes_renewed: 'Made new recovery codes',
  identity_linked: 'Linked single sign-on',
  key_created: 'Made an API key',
  key_changed: 'Changed an API key',
  key_rolled: 'Rolled an API key',
  key_deleted: 'Deleted an API key',
  invite_created: 'Made an invite',
  invite_deleted: 'Took back an invite',
  member_joined: 'Joined',
  member_left: 'Left',
  member_removed: 'Removed a member',
  role_changed: 'Changed a role',
  organization_created: 'Made the organisation',
  organization_renamed: 'Renamed the organisation',
  organization_deleted: 'Deleted an organisation',
  project_created: 'Made a project',
  project_updated: 'Changed a project’s settings',
  project_deleted: 'Deleted a project',
  project_token_reset: 'Rotated a project token',
}

export function actionWords(action: string): string {
  return ACTIONS[action] ?? action.replaceAll('_', ' ')
}

/** `email: ada@example.org, role: admin`, short. */
export function detailWords(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${textOf(value)}`)
    .join(', ')
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Why single sign-on led back here, by the code that the server puts into the address. */
const REFUSALS: Readonly<Record<string, string>> = {
  domain_not_allowed: 'Addresses of your domain may not sign in here.',
  email_not_verified: 'The provider has not verified your address.',
  expired: 'That took too long, or was begun elsewhere. Try again.',
  link_first:
    'There is an account with your address already. Sign in with its password, and link the provider in your account’s settings.',
  linked_to_another: 'The provider’s account belongs to somebody else here.',
  no_account: 'Nobody has an account here with your address. Ask a member for an invite.',
  provider_away: 'The provider does not answer. Try again later.',
  provider_broken: 'The provider’s answer cannot be used. Whoever runs this appliance finds more in its log.',
  provider_refused: 'The provider has not signed you in.',
  token_invalid:
    'The provider’s answer cannot be trusted. Whoever runs this appliance finds more in its log.',
  too_many_attempts: 'There were too many attempts. Wait a few minutes.',
}

/** In words; an address may say anything, so what is not one of ours is not repeated. */
export function refusalWords(code: string | undefined): string | undefined {
  if (!code) return undefined
  return Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : 'You were not signed in. Try again.'
}

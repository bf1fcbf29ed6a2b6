export const COUNTRY_CODE = '$geoip_country_code'

let names: Intl.DisplayNames | undefined

/** `DE` as `Germany`; nothing for what is no code. */
export function countryName(code: unknown): string | undefined {
  if (typeof code !== 'string' || !/^[A-Z]{2}$/.test(code)) return undefined
  names ??= new Intl.DisplayNames(['en'], { type: 'region' })
  return names.of(code)
}

import { EmailAddress } from './EmailAddress'
import { Names } from './Names'
import { Password } from './Password'
import { SecondFactorSection } from './SecondFactorSection'
import { Sessions } from './Sessions'

export function AccountSettings() {
  return (
    <>
      <Names />
      <EmailAddress />
      <Password />
      <SecondFactorSection />
      <Sessions />
    </>
  )
}

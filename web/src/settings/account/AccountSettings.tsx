import { EmailAddress } from './EmailAddress'
import { Names } from './Names'
import { Password } from './Password'
import { SecondFactorSection } from './SecondFactorSection'
import { Sessions } from './Sessions'
import { SingleSignOn } from './SingleSignOn'

export function AccountSettings() {
  return (
    <>
      <Names />
      <EmailAddress />
      <Password />
      <SecondFactorSection />
      <SingleSignOn />
      <Sessions />
    </>
  )
}

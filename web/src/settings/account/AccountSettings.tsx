import { Names } from './Names'
import { Password } from './Password'
import { SecondFactorSection } from './SecondFactorSection'
import { Sessions } from './Sessions'

export function AccountSettings() {
  return (
    <>
      <Names />
      <Password />
      <SecondFactorSection />
      <Sessions />
    </>
  )
}

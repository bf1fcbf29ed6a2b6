import { sharedRoute } from './routes'
import { SharedView } from './SharedView'

export function SharedPage() {
  return <SharedView token={sharedRoute.useParams().token} />
}

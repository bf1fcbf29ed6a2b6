import { embeddedRoute } from './routes'
import { SharedView } from './SharedView'

export function EmbeddedPage() {
  return <SharedView token={embeddedRoute.useParams().token} isEmbedded />
}

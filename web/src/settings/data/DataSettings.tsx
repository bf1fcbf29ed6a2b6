import { useProject } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { Section } from '../Section'
import { useSaveProject } from '../useSaveProject'
import { ListSetting } from './ListSetting'
import { PathCleaning } from './PathCleaning'
import { TestAccounts } from './TestAccounts'
import { Toggle } from './Toggle'
import { WebVitals } from './WebVitals'

/** What SDKs capture, and how it is looked at. Browsers ask for it with each page. */
export function DataSettings() {
  const project = useProject()
  const mayChange = useMay('admin')
  const saving = useSaveProject()
  const part = { project, mayChange, saving }
  return (
    <>
      <Section title="What SDKs capture" description="Browsers follow a change with their next page.">
        <Toggle {...part} name="autocapture_opt_out" inverted label="Autocapture">
          Clicks, changes and submits of forms, without code
        </Toggle>
        <Toggle {...part} name="capture_dead_clicks" label="Dead clicks">
          Clicks that nothing answers
        </Toggle>
        <Toggle {...part} name="heatmaps_opt_in" label="Heatmaps">
          Where people click and how far they scroll
        </Toggle>
        <Toggle {...part} name="autocapture_exceptions_opt_in" label="Exceptions">
          Errors that nothing catches
        </Toggle>
        <Toggle {...part} name="autocapture_web_vitals_opt_in" label="Web vitals">
          How quickly pages come to life
        </Toggle>
        {Boolean(project.autocapture_web_vitals_opt_in) && <WebVitals {...part} />}
        <Toggle {...part} name="surveys_opt_in" label="Surveys">
          Sites load the surveys of this project
        </Toggle>
      </Section>
      <Section title="Sites" description="Where the project is used.">
        <ListSetting
          {...part}
          name="app_urls"
          label="App URLs"
          placeholder="https://app.example.org"
          description="The sites of this project"
        />
        <ListSetting
          {...part}
          name="data_attributes"
          label="Data attributes"
          placeholder="data-attr"
          description="Attributes by which actions recognise elements"
        />
      </Section>
      <TestAccounts {...part} />
      <PathCleaning {...part} />
      <Section title="People and privacy">
        <ListSetting
          {...part}
          name="person_display_name_properties"
          label="Names of persons"
          placeholder="email"
          description="The first of these properties that a person has is shown as their name"
        />
        <Toggle {...part} name="anonymize_ips" label="Forget IP addresses">
          They are used for the country, and not kept
        </Toggle>
        <Toggle {...part} name="person_processing_opt_out" label="No persons">
          Events are counted, but make no profiles
        </Toggle>
      </Section>
    </>
  )
}

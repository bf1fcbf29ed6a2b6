import { useProject } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { ListSetting } from '../data/ListSetting'
import { Toggle } from '../data/Toggle'
import { Section } from '../Section'
import { useSaveProject } from '../useSaveProject'
import { FieldToggle } from './FieldToggle'
import { HowMuch } from './HowMuch'
import { LinkedFlagSetting } from './LinkedFlagSetting'
import { MaskingSetting } from './MaskingSetting'
import { MatchType } from './MatchType'
import { UrlRules } from './UrlRules'

/** Which sessions are recorded, with what, and what is kept out. Browsers ask for it with each page. */
export function ReplaySettings() {
  const project = useProject()
  const mayChange = useMay('admin')
  const saving = useSaveProject()
  const part = { project, mayChange, saving }
  return (
    <>
      <Section title="Session replay" description="Browsers follow a change with their next page.">
        <Toggle {...part} name="session_recording_opt_in" label="Record sessions">
          SDKs send what people see and do
        </Toggle>
        <HowMuch {...part} />
        <ListSetting
          {...part}
          name="recording_domains"
          label="Recording domains"
          placeholder="https://app.example.org"
          description="Only these sites are recorded. Empty: all"
          emptyIsNull
        />
      </Section>
      <Section title="What goes along">
        <Toggle {...part} name="capture_console_log_opt_in" label="Console">
          With what the page writes to its console
        </Toggle>
        <Toggle {...part} name="capture_performance_opt_in" label="Network timing">
          With how long requests take
        </Toggle>
        <FieldToggle
          {...part}
          name="session_recording_network_payload_capture_config"
          field="recordHeaders"
          label="Headers of requests"
        >
          What sites ask with and are told; SDKs leave out what names itself a secret
        </FieldToggle>
        <FieldToggle
          {...part}
          name="session_recording_network_payload_capture_config"
          field="recordBody"
          label="Bodies of requests"
        >
          What is sent and answered, which may be anything
        </FieldToggle>
        <FieldToggle {...part} name="session_replay_config" field="record_canvas" label="Canvas">
          Pictures of what is drawn, three a second. They are not masked
        </FieldToggle>
      </Section>
      <MaskingSetting {...part} />
      <Section title="When recording begins" description="Without any of these, with the session.">
        <UrlRules
          {...part}
          name="session_recording_url_trigger_config"
          label="On these pages"
          description="Regular expressions; it begins where one fits the address"
        />
        <ListSetting
          {...part}
          name="session_recording_event_trigger_config"
          label="With these events"
          placeholder="checkout started"
          description="It begins when one of them is sent"
          emptyIsNull
        />
        <LinkedFlagSetting {...part} />
        <MatchType {...part} />
        <UrlRules
          {...part}
          name="session_recording_url_blocklist_config"
          label="Never on these pages"
          description="Regular expressions; it pauses where one fits the address"
        />
      </Section>
    </>
  )
}

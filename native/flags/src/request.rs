//! Requests: what a client says about who asks, from where, and for what.

mod fields;

use std::collections::HashSet;

use crate::refusal::Refusal;

/// Identifiers are cut to this many Unicode scalar values before anything looks at them.
pub const IDENTIFIER_SCALARS_MAX: usize = 200;

/// The endpoints that evaluate flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// `/flags`
    Flags,
    /// `/decide`
    Decide,
}

/// What the query string asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// `v`
    pub version: Option<i64>,
    /// `config`
    pub config: Option<bool>,
    /// Only flags that aim surveys take part.
    pub only_survey_flags: bool,
    /// Stored properties of the person do not count.
    pub only_given_properties: bool,
}

/// Who sends a request, by its headers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sender<'a> {
    /// `User-Agent`
    pub user_agent: Option<&'a str>,
    /// Whether a header was sent that only browsers send.
    pub is_browser: bool,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Flags with reasons and metadata.
    Details,
    /// Values and payloads.
    Values,
    /// Values of enabled flags.
    Enabled,
    /// Keys of enabled flags.
    EnabledKeys,
}

impl Shape {
    /// The shape of a version of a route, and whether the configuration is wanted.
    pub fn asked(route: Route, options: &Options) -> (Self, bool) {
        match (route, options.version, options.config) {
            (Route::Flags, None, None) => (Self::Details, true),
            (Route::Flags, version, config) => {
                let shape = if version.unwrap_or(1) >= 2 { Self::Details } else { Self::Values };
                (shape, config.unwrap_or(false))
            }
            (Route::Decide, version, config) => {
                let shape = match version.unwrap_or(1) {
                    4.. => Self::Details,
                    3 => Self::Values,
                    2 => Self::Enabled,
                    _ => Self::EnabledKeys,
                };
                (shape, config.unwrap_or(true))
            }
        }
    }
}

impl Shape {
    /// The shape of what GET is answered with: a POST without a version is of the newest, a GET of the oldest.
    pub fn of_get(route: Route, options: &Options) -> Self {
        let version = Some(options.version.unwrap_or(1));
        Self::asked(route, &Options { version, ..*options }).0
    }
}

/// Where flags are evaluated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// Flags of every runtime.
    All,
    /// Browsers and apps.
    Client,
    /// Servers.
    Server,
    /// Nobody knows: only flags that do not care.
    Unknown,
}

/// One request as it was read.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is sent by itself")]
pub struct Request {
    /// The project's token; never empty.
    pub token: String,
    /// Who asks; may be empty.
    pub distinct_id: String,
    /// Who asked before signing in.
    pub anonymous_distinct_id: Option<String>,
    /// What device flags are bucketed by; never empty.
    pub device_id: Option<String>,
    /// `{…}`, laid over the stored properties.
    pub person_properties: Option<String>,
    /// Names of group types and keys of groups.
    pub groups: Vec<(String, String)>,
    /// Names of group types, and `{…}` laid over the stored properties.
    pub group_properties: Vec<(String, String)>,
    /// The only flags that are asked for, with those they depend on.
    pub flag_keys: Option<Vec<String>>,
    /// Evaluation contexts; none is all.
    pub contexts: HashSet<String>,
    /// Where flags are evaluated for.
    pub runtime: Runtime,
    /// The form of the answer.
    pub shape: Shape,
    /// Whether the answer carries the configuration.
    pub wants_config: bool,
    /// Whether the place of the client's address may count.
    pub wants_place: bool,
    /// Whether nothing is to be evaluated.
    pub is_disabled: bool,
    /// Only flags that aim surveys take part.
    pub only_survey_flags: bool,
    /// Stored properties of the person do not count.
    pub only_given_properties: bool,
}

impl Request {
    /// Reads the fields of a body, which is JSON text.
    pub fn read(route: Route, options: &Options, sender: &Sender<'_>, body: &str) -> Result<Self, Refusal> {
        let (shape, wants_config) = Shape::asked(route, options);
        let fields = fields::read(body).map_err(|why| Refusal::undecodable(&why))?;
        let token = fields.token.filter(|token| !token.is_empty()).ok_or_else(Refusal::missing_token)?;
        let is_disabled = fields.disable_flags.unwrap_or(false);
        let distinct_id = match fields.distinct_id {
            Some(distinct_id) => cut(distinct_id),
            None if is_disabled => String::new(),
            None => return Err(Refusal::missing_distinct_id()),
        };
        Ok(Self {
            token,
            distinct_id,
            anonymous_distinct_id: fields.anonymous_distinct_id.filter(|id| !id.is_empty()).map(cut),
            device_id: fields.device_id.filter(|id| !id.is_empty()),
            person_properties: fields.person_properties,
            groups: fields.groups,
            group_properties: fields.group_properties,
            flag_keys: fields.flag_keys,
            contexts: fields.contexts.into_iter().collect(),
            runtime: runtime(fields.runtime.as_deref(), sender),
            shape,
            wants_config,
            wants_place: !fields.geoip_disable.unwrap_or(false),
            is_disabled,
            only_survey_flags: options.only_survey_flags,
            only_given_properties: options.only_given_properties,
        })
    }

    /// About how much there is to read in it.
    pub fn bytes(&self) -> usize {
        let objects = self.group_properties.iter().map(|(_, properties)| properties);
        objects.chain(&self.person_properties).map(String::len).sum()
    }
}

fn cut(mut identifier: String) -> String {
    if let Some((at, _)) = identifier.char_indices().nth(IDENTIFIER_SCALARS_MAX) {
        identifier.truncate(at);
    }
    identifier
}

/// The runtime that a body names, or that headers betray. Source: the flags contract, 2.2.
fn runtime(named: Option<&str>, sender: &Sender<'_>) -> Runtime {
    const BROWSERS: [&str; 5] = ["Mozilla/", "Chrome/", "Safari/", "Firefox/", "Edge/"];
    const SERVERS: [&str; 8] = ["python", "ruby", "php", "java", "go", "node", "dotnet", "elixir"];
    const SERVER_TOOLS: [&str; 2] = ["python-requests/", "curl/"];
    const APPS: [&str; 4] = ["android", "ios", "react-native", "flutter"];
    if let Some(named) = named {
        return match named.to_ascii_lowercase().as_str() {
            "client" => Runtime::Client,
            "server" => Runtime::Server,
            _ => Runtime::All,
        };
    }
    let agent = sender.user_agent.unwrap_or("");
    let sdk = agent.strip_prefix("posthog-").and_then(|rest| rest.split_once('/')).map(|(sdk, _)| sdk);
    if BROWSERS.iter().any(|browser| agent.contains(browser)) {
        Runtime::Client
    } else if sdk.is_some_and(|sdk| SERVERS.contains(&sdk))
        || SERVER_TOOLS.iter().any(|tool| agent.contains(tool))
    {
        Runtime::Server
    } else if sdk.is_some_and(|sdk| APPS.contains(&sdk)) || sender.is_browser {
        Runtime::Client
    } else {
        Runtime::Unknown
    }
}

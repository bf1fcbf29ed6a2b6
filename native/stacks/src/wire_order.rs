//! The order that exceptions and frames are in: older SDKs sent it the other way round.
//!
//! Ours is the caught exception first and its root cause last, and in each stack the entry point first and the crash
//! last. What was sent by an SDK from before it agreed is turned round; fingerprints of the old order are computed
//! too, so that issues from before the SDK's change stay one.

use semver::Version;

/// What an SDK had the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversal {
    /// The frames of each stack.
    Frames,
    /// The list of exceptions.
    Exceptions,
}

/// What an SDK ever had the other way round, and the version that agreed, if one did.
fn rule(lib: &str) -> Option<(Reversal, Option<Version>)> {
    let since = |major, minor| Some(Version::new(major, minor, 0));
    Some(match lib {
        "posthog-android" => (Reversal::Frames, since(3, 56)),
        "posthog-server" => (Reversal::Frames, since(2, 9)),
        "posthog-php" => (Reversal::Frames, since(4, 11)),
        "posthog-go" => (Reversal::Frames, since(1, 19)),
        "posthog-rs" => (Reversal::Frames, since(0, 19)),
        "posthog-flutter" | "posthog-elixir" | "posthog-java" => (Reversal::Frames, None),
        "posthog-python" => (Reversal::Exceptions, since(7, 31)),
        _ => return None,
    })
}

/// What to turn round in an event of this SDK and version; a version that cannot be read counts as old.
pub fn reversal(lib: Option<&str>, version: Option<&str>) -> Option<Reversal> {
    let (reversal, since) = rule(lib?)?;
    let is_new = since.zip(version.and_then(lenient)).is_some_and(|(since, version)| version >= since);
    (!is_new).then_some(reversal)
}

/// What was the other way round in events of this SDK before it agreed, whatever the version of this one.
pub fn legacy(lib: Option<&str>) -> Option<Reversal> {
    rule(lib?).map(|(reversal, _)| reversal)
}

/// A version as people write them: `v1.2` is 1.2.0.
fn lenient(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    if let Ok(version) = Version::parse(text) {
        return Some(version);
    }
    let core = text.split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(str::parse::<u64>);
    let mut next = || numbers.next().unwrap_or(Ok(0)).ok();
    let version = Version::new(next()?, next()?, next()?);
    numbers.next().is_none().then_some(version)
}

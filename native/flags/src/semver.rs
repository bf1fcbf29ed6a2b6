//! Versions as apps write them, and ranges of versions.
//!
//! `SemVer` 2, but for three things that apps do: a leading `v`, parts that are missing, and zeros before a number.

use ::semver::{BuildMetadata, Comparator, Op, Prerelease, Version, VersionReq};

/// Longer texts are no versions.
const VERSION_BYTES_MAX: usize = 256;
/// Major, minor and patch.
const PARTS: usize = 3;

/// Reads a version. `3` is 3.0.0, `v3.08` is 3.8.0.
pub(crate) fn version_in(text: &str) -> Option<Version> {
    let text = bare(text)?;
    let (core, suffix) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
    let [major, minor, patch] = parts_in(core)?;
    let (before_release, build) =
        suffix.split_once('+').map_or((suffix, None), |(pre, build)| (pre, Some(build)));
    let pre = match before_release.strip_prefix('-') {
        Some(pre) => not_empty(pre).and_then(|pre| Prerelease::new(pre).ok())?,
        None => Prerelease::EMPTY,
    };
    let build = match build {
        Some(build) => not_empty(build).and_then(|build| BuildMetadata::new(build).ok())?,
        None => BuildMetadata::EMPTY,
    };
    Some(Version { major, minor, patch, pre, build })
}

/// Reads `~version`: from the version up to the next minor one.
pub(crate) fn tilde_in(text: &str) -> Option<VersionReq> {
    version_in(text).map(|version| from(Op::Tilde, version))
}

/// Reads `^version`: from the version up to the next of its left-most part that is not zero.
pub(crate) fn caret_in(text: &str) -> Option<VersionReq> {
    version_in(text).map(|version| from(Op::Caret, version))
}

/// Reads a version of which the last parts may be `*`. What Cargo takes for a range is one too.
pub(crate) fn wildcard_in(text: &str) -> Option<VersionReq> {
    let parts: Vec<&str> = bare(text)?.split('.').map(without_leading_zeros).collect();
    VersionReq::parse(&parts.join(".")).ok()
}

fn from(op: Op, version: Version) -> VersionReq {
    let Version { major, minor, patch, pre, .. } = version;
    VersionReq { comparators: vec![Comparator { op, major, minor: Some(minor), patch: Some(patch), pre }] }
}

fn bare(text: &str) -> Option<&str> {
    (text.len() <= VERSION_BYTES_MAX).then(|| text.strip_prefix('v').unwrap_or(text).trim())
}

fn parts_in(core: &str) -> Option<[u64; PARTS]> {
    let mut parts = [0; PARTS];
    for (at, part) in core.split('.').enumerate() {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        *parts.get_mut(at)? = if is_number { part.parse().ok()? } else { return None };
    }
    Some(parts)
}

fn without_leading_zeros(part: &str) -> &str {
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return part;
    }
    let bare = part.trim_start_matches('0');
    if bare.is_empty() { "0" } else { bare }
}

fn not_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

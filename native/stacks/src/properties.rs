//! The properties of an event that count here, found in one walk over them.

use std::borrow::Cow;

use json::Value;

/// What a client says. Of a property that is there twice the last counts.
#[derive(Debug)]
pub struct Properties<'a> {
    /// All of them.
    pub all: Value<'a>,
    /// The exceptions.
    pub list: Option<Value<'a>>,
    /// Images of machine code.
    pub images: Option<Value<'a>>,
    lib: Option<Value<'a>>,
    lib_version: Option<Value<'a>>,
    fingerprint: Option<Value<'a>>,
    issue_name: Option<Value<'a>>,
    issue_description: Option<Value<'a>>,
    issue_severity: Option<Value<'a>>,
}

impl<'a> Properties<'a> {
    /// Reads a JSON object.
    pub fn read(text: &'a str) -> Result<Self, json::Error> {
        let all = Value::parse(text)?;
        let mut found = Self {
            all,
            list: None,
            images: None,
            lib: None,
            lib_version: None,
            fingerprint: None,
            issue_name: None,
            issue_description: None,
            issue_severity: None,
        };
        for (key, value) in all.members() {
            let place = match &*key.decode() {
                "$exception_list" => &mut found.list,
                "$debug_images" => &mut found.images,
                "$lib" => &mut found.lib,
                "$lib_version" => &mut found.lib_version,
                "$exception_fingerprint" => &mut found.fingerprint,
                "$issue_name" => &mut found.issue_name,
                "$issue_description" => &mut found.issue_description,
                "$issue_severity" => &mut found.issue_severity,
                _ => continue,
            };
            *place = Some(value);
        }
        Ok(found)
    }

    /// The SDK.
    pub fn lib(&self) -> Option<Cow<'a, str>> {
        self.lib?.string()
    }

    /// Its version.
    pub fn lib_version(&self) -> Option<Cow<'a, str>> {
        self.lib_version?.string()
    }

    /// The fingerprint that the client chose.
    pub fn fingerprint(&self) -> Option<Cow<'a, str>> {
        self.fingerprint?.string()
    }

    /// The name that it proposes for a new issue.
    pub fn issue_name(&self) -> Option<Cow<'a, str>> {
        self.issue_name?.string()
    }

    /// The description that it proposes.
    pub fn issue_description(&self) -> Option<Cow<'a, str>> {
        self.issue_description?.string()
    }

    /// How bad it says that it is.
    pub fn issue_severity(&self) -> Option<Cow<'a, str>> {
        self.issue_severity?.string()
    }
}

//! Requests that are not answered with flags, in the words of the contract.

/// What to answer instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
    /// What it is counted as.
    pub reason: &'static str,
}

impl Refusal {
    fn text(status: u16, reason: &'static str, body: impl Into<String>) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", body: body.into(), reason }
    }

    /// A body or query that cannot be read.
    pub fn undecodable(why: &str) -> Self {
        Self::text(
            400,
            "bad_request",
            format!("Failed to decode request: {why}. Please check your request format and try again."),
        )
    }

    /// A body that is larger than its limit.
    pub fn too_large(bytes_max: usize) -> Self {
        Self::text(413, "too_large", format!("The request's body is larger than {bytes_max} bytes."))
    }

    /// No project is named.
    pub fn missing_token() -> Self {
        let body = r#"{"type":"authentication_error","code":"not_authenticated","detail":"No project token was sent. Send the project's API key as `token` or `api_key`.","attr":null}"#;
        Self { status: 401, content_type: "application/json", body: body.to_owned(), reason: "missing_token" }
    }

    /// Nobody is named.
    pub fn missing_distinct_id() -> Self {
        let body = "The distinct_id field is missing from the request. Please include a valid identifier.";
        Self::text(400, "missing_distinct_id", body)
    }
}

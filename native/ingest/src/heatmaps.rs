//! Points of a page that an event carries for heatmaps.

use json::{Kind, Value};

use crate::keys::Key;
use crate::scan::Scan;

/// Pixels to a unit.
pub const SCALE_FACTOR: i16 = 16;

/// A point, in units of [`SCALE_FACTOR`] pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The page.
    pub url: String,
    /// Across.
    pub x: i16,
    /// Down.
    pub y: i16,
    /// Whether the target stays while the page scrolls.
    pub target_fixed: bool,
    /// What happened there.
    pub kind: String,
}

/// Everything that an event says for heatmaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heatmap {
    /// The points.
    pub points: Vec<Point>,
    /// The viewport, in units.
    pub viewport: (i16, i16),
    /// Types of warnings.
    pub warnings: Vec<&'static str>,
}

/// Whether properties hold anything for heatmaps.
pub fn present(scan: &Scan<'_>) -> bool {
    scan.get(Key::HeatmapData).is_some()
        || (scan.get(Key::PreviousPathname).is_some() && scan.get(Key::CurrentUrl).is_some())
}

/// Reads what properties hold for heatmaps; nothing without numbers for the viewport.
pub fn read(scan: &Scan<'_>) -> Heatmap {
    let mut heatmap = Heatmap::default();
    let size = |key| scan.get(key).and_then(|value| value.number()).map(scaled);
    let (Some(width), Some(height)) = (size(Key::ViewportWidth), size(Key::ViewportHeight)) else {
        if scan.get(Key::HeatmapData).is_some() {
            heatmap.warnings.push("invalid_heatmap_data");
        }
        return heatmap;
    };
    heatmap.viewport = (width, height);
    if let Some(data) = scan.get(Key::HeatmapData) {
        heatmap.read_data(&data);
    }
    heatmap.read_scroll_depth(scan);
    heatmap
}

impl Heatmap {
    fn read_data(&mut self, data: &Value<'_>) {
        for (url, items) in data.members() {
            let url = url.decode();
            if url.trim().is_empty() {
                self.warnings.push("rejecting_heatmap_data_with_invalid_url");
            } else if items.kind == Kind::Array {
                self.points.extend(items.items().filter_map(|item| point(&url, &item)));
            } else {
                self.warnings.push("rejecting_heatmap_data_with_invalid_items");
            }
        }
    }

    fn read_scroll_depth(&mut self, scan: &Scan<'_>) {
        let (Some(path), Some(url)) = (scan.string(Key::PreviousPathname), scan.string(Key::CurrentUrl))
        else {
            return;
        };
        let depth = scan.get(Key::PreviousScroll).and_then(|value| value.number());
        if let (Some(depth), Some(url)) = (depth, with_path(&url, &path)) {
            let kind = "scrolldepth".to_string();
            self.points.push(Point { url, x: 0, y: scaled(depth), target_fixed: false, kind });
        }
    }
}

fn point(url: &str, item: &Value<'_>) -> Option<Point> {
    Some(Point {
        url: url.to_string(),
        x: scaled(item.get("x")?.number()?),
        y: scaled(item.get("y")?.number()?),
        target_fixed: item.get("target_fixed").and_then(|fixed| fixed.bool()).unwrap_or(false),
        kind: item.get("type")?.string()?.into_owned(),
    })
}

/// Pixels to units. Casting from a double saturates, so that no number is out of range.
fn scaled(pixels: f64) -> i16 {
    (pixels / f64::from(SCALE_FACTOR)).round() as i16
}

/// The address with another path; query and fragment stay.
fn with_path(url: &str, path: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let tail_start = rest.find(['?', '#']).unwrap_or(rest.len());
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some(format!("{scheme}://{}{slash}{path}{}", &rest[..authority_end], &rest[tail_start..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(properties: &str) -> Heatmap {
        let mut scan = Scan::default();
        scan.read(properties).unwrap();
        read(&scan)
    }

    #[test]
    fn pixels_become_units_of_sixteen() {
        let heatmap = of(r#"{"$viewport_width":1024,"$viewport_height":"x","$heatmap_data":{}}"#);
        assert_eq!((heatmap.points.len(), heatmap.warnings), (0, vec!["invalid_heatmap_data"]));
        let heatmap = of(r#"{"$viewport_width":1024,"$viewport_height":760,"$heatmap_data":{
            "http://a/":[{"x":24,"y":1e9,"target_fixed":true,"type":"click"},{"x":1},7],"  ":[],"http://b":5}}"#);
        assert_eq!(heatmap.viewport, (64, 48));
        let point =
            Point { url: "http://a/".into(), x: 2, y: i16::MAX, target_fixed: true, kind: "click".into() };
        assert_eq!(heatmap.points, [point]);
        let invalid =
            ["rejecting_heatmap_data_with_invalid_url", "rejecting_heatmap_data_with_invalid_items"];
        assert_eq!(heatmap.warnings, invalid);
    }

    #[test]
    fn scroll_depth_belongs_to_the_page_before() {
        let heatmap = of(
            r#"{"$viewport_width":1,"$viewport_height":1,"$prev_pageview_pathname":"/old","$prev_pageview_max_scroll":160,
            "$current_url":"https://a.example/new?q=1#f"}"#,
        );
        assert_eq!(
            (heatmap.points[0].url.as_str(), heatmap.points[0].y),
            ("https://a.example/old?q=1#f", 10)
        );
        assert_eq!(with_path("https://a.example", "x").unwrap(), "https://a.example/x");
    }
}

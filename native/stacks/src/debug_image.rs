//! Images of machine code that an event names, by which addresses of one run become places in a file.

use serde::Deserialize;

use crate::raw_frame::RawFrame;
use crate::text::Text;

/// Images of one event.
pub const IMAGES_MAX: usize = 10_000;

/// A loaded image, as an SDK sends it.
#[derive(Debug, Deserialize)]
pub struct DebugImage<'a> {
    #[serde(borrow)]
    debug_id: Text<'a>,
    image_addr: Text<'a>,
    image_size: Option<u64>,
}

/// The images of an event, by their addresses.
#[derive(Debug, Default)]
pub struct DebugImages<'a> {
    images: Vec<(u64, Option<u64>, Text<'a>)>,
}

/// An address as a place in an image, the same in every run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// The image.
    pub debug_id: &'a str,
    /// How far from its beginning.
    pub offset: u64,
}

impl<'a> DebugImages<'a> {
    /// Reads the property `$debug_images`; what is no image is left out.
    pub fn read(json: &'a str) -> Self {
        let Ok(list) = serde_json::from_str::<Vec<&serde_json::value::RawValue>>(json) else {
            return Self::default();
        };
        let images = list.into_iter().take(IMAGES_MAX).filter_map(|image| {
            let image: DebugImage = serde_json::from_str(image.get()).ok()?;
            Some((address(&image.image_addr)?, image.image_size, image.debug_id))
        });
        Self { images: images.collect() }
    }

    /// Where a frame's instruction lies: in the image that the frame names, else in the one around the address.
    pub fn place(&self, frame: &RawFrame) -> Option<Place<'_>> {
        let instruction = address(frame.fields.instruction_addr.as_deref()?)?;
        let named = frame.fields.image_addr.as_deref().and_then(address);
        let (start, _, debug_id) = self.images.iter().find(|(start, size, _)| {
            named == Some(*start)
                || size.is_some_and(|size| (*start..start.saturating_add(size)).contains(&instruction))
        })?;
        Some(Place { debug_id, offset: instruction.checked_sub(*start)? })
    }
}

/// A hexadecimal address, with or without `0x`.
pub fn address(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    u64::from_str_radix(digits, 16).ok()
}

//! QR codes, as the outline that a page draws: `<svg viewBox="0 0 {size} {size}"><path d="{path}"/></svg>`. Colours are the
//! stylesheet's; cameras want dark on light, whatever the theme.

use domain::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};

/// Light all around, in modules: what the standard asks for.
const QUIET: usize = 4;

/// A QR code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Width and height in modules, the light around included.
    pub size: usize,
    /// What is dark, as data of an SVG path.
    pub path: String,
}

impl Qr {
    /// The code that reads as this text.
    ///
    /// # Errors
    /// `Internal` if the text is too long for one.
    pub fn of(text: &str) -> Result<Qr> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)
            .map_err(|fault| Error::internal("drawing a QR code", fault.to_string()))?;
        let width = code.width();
        let colours = code.to_colors();
        let rows = colours.chunks(width).enumerate();
        Ok(Qr { size: width + 2 * QUIET, path: rows.map(|(y, row)| row_path(y + QUIET, row)).collect() })
    }
}

/// Dark modules beside each other are one bar.
fn row_path(y: usize, row: &[Color]) -> String {
    let mut path = String::new();
    let mut x = QUIET;
    for bar in row.chunk_by(|left, right| left == right) {
        if bar[0] == Color::Dark {
            path += &format!("M{x} {y}h{}v1h-{0}z", bar.len());
        }
        x += bar.len();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_is_that_of_the_code() {
        let text = "otpauth://totp/registry.example.com:carol?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

        let qr = Qr::of(text).unwrap();

        let code = QrCode::new(text).unwrap();
        assert_eq!(qr.size, code.width() + 8);
        let dark = code.to_colors().iter().filter(|colour| **colour == Color::Dark).count();
        let bars = qr.path.split('M').skip(1);
        let drawn: usize = bars.map(|bar| bar.split(['h', 'v']).nth(1).unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(drawn, dark);
        // The finder in the upper left corner: seven dark modules.
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", &qr.path[..40]);
        assert!(!qr.path.contains(['"', '<', '&']));
    }

    #[test]
    fn what_is_too_long_is_an_error() {
        assert!(Qr::of(&"a".repeat(5_000)).is_err());
    }
}

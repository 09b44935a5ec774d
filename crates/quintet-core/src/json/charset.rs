//! The charsets that a request may say its text is in.
//!
//! Unicode's, Latin-1 and ASCII are read. Others that the reference's language knows are refused by name; what nobody
//! knows is read as UTF-8, as the reference does.

use std::borrow::Cow;
use std::fmt;

/// A charset that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// UTF-8, whose mark at the start is skipped.
    Utf8Marked,
    /// UTF-16 or UTF-32: how many bytes a unit has, and their order where a mark need not tell.
    Wide(usize, Option<Order>),
    /// Every byte is a character.
    Latin1,
    /// Every byte below 128 is a character.
    Ascii,
}

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The lowest.
    Little,
    /// The highest.
    Big,
}

/// A charset that is known by name only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported;

/// Bytes that a charset does not have; shown in the reference's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The charset, the first and the last wrong byte's place, that byte where it is one, why.
    Bytes {
        /// The charset.
        charset: &'static str,
        /// Where the first wrong byte is.
        first: usize,
        /// Where the last one is.
        last: usize,
        /// The wrong byte where it is one.
        byte: u8,
        /// What is wrong.
        reason: &'static str,
    },
    /// No mark tells the order of the bytes.
    NoMark(&'static str),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes { charset, first, last, byte, reason } if first == last => {
                write!(out, "'{charset}' codec can't decode byte {byte:#04x} in position {first}: {reason}")
            }
            Self::Bytes { charset, first, last, reason, .. } => {
                write!(out, "'{charset}' codec can't decode bytes in position {first}-{last}: {reason}")
            }
            Self::NoMark(name) => write!(out, "{name} stream does not start with BOM"),
        }
    }
}

/// The charset of a name; UTF-8 where nobody knows it.
pub fn lookup(name: &str) -> Result<Charset, Unsupported> {
    // What nearly everybody says, and whoever says nothing.
    if name == "utf-8" {
        return Ok(Charset::Utf8);
    }
    let name = normalised(name);
    if let Some((_, charset)) = READ.iter().find(|(names, _)| names.contains(&name.as_str())) {
        return Ok(*charset);
    }
    if KNOWN.contains(&name.as_str()) { Err(Unsupported) } else { Ok(Charset::Utf8) }
}

/// Whether a name is that of any charset, read here or not.
pub fn is_known(name: &str) -> bool {
    let name = normalised(name);
    READ.iter().any(|(names, _)| names.contains(&name.as_str())) || KNOWN.contains(&name.as_str())
}

/// Lower case, with one `_` for whatever stands between letters and digits.
fn normalised(name: &str) -> String {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '.';
    let parts: Vec<&str> = name.split(|character| !is_part(character)).filter(|part| !part.is_empty()).collect();
    parts.join("_").to_ascii_lowercase()
}

impl Charset {
    /// The bytes as text. A character that is cut off at the end is dropped, as the reference's readers do.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
        match self {
            Self::Utf8 => utf8(bytes),
            Self::Utf8Marked => utf8(bytes.strip_prefix(MARK).unwrap_or(bytes)),
            Self::Wide(width, order) => wide(bytes, width, order).map(Cow::Owned),
            Self::Latin1 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into()),
            Self::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
                None => utf8(bytes),
                Some(at) => Err(wrong("ascii", at, at, bytes[at], "ordinal not in range(128)")),
            },
        }
    }

    /// The bytes as text, with U+FFFD for what is none.
    pub fn decode_lossy(self, bytes: &[u8]) -> Cow<'_, str> {
        match self.decode(bytes) {
            Ok(text) if self != Self::Utf8 => text,
            _ => String::from_utf8_lossy(bytes),
        }
    }
}

const MARK: &[u8] = b"\xef\xbb\xbf";

fn wrong(charset: &'static str, first: usize, last: usize, byte: u8, reason: &'static str) -> DecodeError {
    DecodeError::Bytes { charset, first, last, byte, reason }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.into()),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let whole = || String::from_utf8_lossy(&bytes[..at]); // borrowed: all of it is valid
    let Some(length) = error.error_len() else { return Ok(whole()) };
    if matches!(&bytes[at..], [0xED, 0xA0..=0xBF]) {
        return Ok(whole()); // the start of a surrogate, taken for one that is cut off
    }
    let reason = match bytes[at] {
        0xC2..=0xF4 => "invalid continuation byte",
        _ => "invalid start byte",
    };
    Err(wrong("utf-8", at, at + length - 1, bytes[at], reason))
}

fn wide(bytes: &[u8], width: usize, order: Option<Order>) -> Result<String, DecodeError> {
    let unit = |at: usize, order: Order| {
        let add = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
        let unit = &bytes[at..at + width];
        if order == Order::Big { unit.iter().fold(0, add) } else { unit.iter().rev().fold(0, add) }
    };
    let end = bytes.len() - bytes.len() % width;
    let marked = [Order::Little, Order::Big].into_iter().find(|order| end > 0 && unit(0, *order) == 0xFEFF);
    let (mut at, found) = match order {
        Some(order) => (0, order),
        None => (if marked.is_some() { width } else { 0 }, marked.unwrap_or(Order::Little)),
    };
    let charset = match (width, found) {
        (2, Order::Little) => "utf-16-le",
        (2, Order::Big) => "utf-16-be",
        (_, Order::Little) => "utf-32-le",
        (_, Order::Big) => "utf-32-be",
    };
    let mut text = String::with_capacity(end / width);
    while at < end {
        let first = unit(at, found);
        let second = if at + width < end { Some(unit(at + width, found)) } else { None };
        let (code, units) = match (width, first, second) {
            (2, 0xD800..0xDC00, None) => break,
            (2, 0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) => {
                (0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00), 2)
            }
            _ => (first, 1),
        };
        let Some(character) = char::from_u32(code) else {
            let reason = match (width, code) {
                (2, 0xD800..0xDC00) => "illegal UTF-16 surrogate",
                (2, _) => "illegal encoding",
                (_, 0x11_0000..) => "code point not in range(0x110000)",
                _ => "code point in surrogate code point range(0xd800, 0xe000)",
            };
            return Err(wrong(charset, at, at + width - 1, bytes[at], reason));
        };
        text.push(character);
        at += units * width;
    }
    if order.is_none() && marked.is_none() && bytes.len() >= width {
        return Err(DecodeError::NoMark(if width == 2 { "UTF-16" } else { "UTF-32" }));
    }
    Ok(text)
}

const READ: [(&[&str], Charset); 10] = [
    (&["utf_8", "utf8", "u8", "utf", "cp65001", "utf8_ucs2", "utf8_ucs4"], Charset::Utf8),
    (&["utf_8_sig"], Charset::Utf8Marked),
    (&["utf_16", "utf16", "u16"], Charset::Wide(2, None)),
    (&["utf_16_le", "utf_16le", "unicodelittleunmarked"], Charset::Wide(2, Some(Order::Little))),
    (&["utf_16_be", "utf_16be", "unicodebigunmarked"], Charset::Wide(2, Some(Order::Big))),
    (&["utf_32", "utf32", "u32"], Charset::Wide(4, None)),
    (&["utf_32_le", "utf_32le"], Charset::Wide(4, Some(Order::Little))),
    (&["utf_32_be", "utf_32be"], Charset::Wide(4, Some(Order::Big))),
    (
        &[
            "latin_1",
            "latin1",
            "latin",
            "l1",
            "8859",
            "cp819",
            "csisolatin1",
            "ibm819",
            "iso8859",
            "iso8859_1",
            "iso_8859_1",
            "iso_8859_1_1987",
            "iso_ir_100",
        ],
        Charset::Latin1,
    ),
    (
        &[
            "ascii",
            "us_ascii",
            "us",
            "646",
            "ansi_x3.4_1968",
            "ansi_x3.4_1986",
            "ansi_x3_4_1968",
            "cp367",
            "csascii",
            "ibm367",
            "iso646_us",
            "iso_646.irv_1991",
            "iso_ir_6",
        ],
        Charset::Ascii,
    ),
];

/// What the reference's language knows besides.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "037", "1026", "1125", "1140", "1250", "1251", "1252", "1253", "1254", "1255", "1256", "1257", "1258", "273",
    "424", "437", "500", "775", "850", "852", "855", "857", "858", "860", "861", "862", "863", "864", "865", "866",
    "869", "932", "936", "949", "950", "arabic", "asmo_708", "base64", "base64_codec", "base_64", "big5",
    "big5_hkscs", "big5_tw", "big5hkscs", "bz2", "bz2_codec", "charmap", "chinese", "cp037", "cp1006", "cp1026",
    "cp1051", "cp1125", "cp1140", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "cp1258", "cp1361", "cp154", "cp273", "cp424", "cp437", "cp500", "cp720", "cp737", "cp775", "cp850", "cp852",
    "cp855", "cp856", "cp857", "cp858", "cp860", "cp861", "cp862", "cp863", "cp864", "cp865", "cp866", "cp866u",
    "cp869", "cp874", "cp875", "cp932", "cp936", "cp949", "cp950", "cp_gr", "cp_is", "csbig5", "csibm037",
    "csibm1026", "csibm273", "csibm424", "csibm500", "csibm855", "csibm857", "csibm858", "csibm860", "csibm861",
    "csibm863", "csibm864", "csibm865", "csibm866", "csibm869", "csiso2022jp", "csiso2022kr", "csiso58gb231280",
    "csisolatin2", "csisolatin3", "csisolatin4", "csisolatin5", "csisolatin6", "csisolatinarabic",
    "csisolatincyrillic", "csisolatingreek", "csisolatinhebrew", "cskoi8r", "cspc775baltic", "cspc850multilingual",
    "cspc862latinhebrew", "cspc8codepage437", "cspcp852", "csptcp154", "csshiftjis", "cyrillic", "cyrillic_asian",
    "ebcdic_cp_be", "ebcdic_cp_ca", "ebcdic_cp_ch", "ebcdic_cp_he", "ebcdic_cp_nl", "ebcdic_cp_us", "ebcdic_cp_wt",
    "ecma_114", "ecma_118", "elot_928", "euc_cn", "euc_jis2004", "euc_jis_2004", "euc_jisx0213", "euc_jp", "euc_kr",
    "euccn", "eucgb2312_cn", "eucjis2004", "eucjisx0213", "eucjp", "euckr", "gb18030", "gb18030_2000", "gb2312",
    "gb2312_1980", "gb2312_80", "gbk", "greek", "greek8", "hebrew", "hex", "hex_codec", "hkscs", "hp_roman8", "hz",
    "hz_gb", "hz_gb_2312", "hzgb", "ibm037", "ibm039", "ibm1026", "ibm1051", "ibm1125", "ibm1140", "ibm273", "ibm424",
    "ibm437", "ibm500", "ibm775", "ibm850", "ibm852", "ibm855", "ibm857", "ibm858", "ibm860", "ibm861", "ibm862",
    "ibm863", "ibm864", "ibm865", "ibm866", "ibm869", "idna", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2",
    "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr", "iso2022jp", "iso2022jp_1", "iso2022jp_2",
    "iso2022jp_2004", "iso2022jp_3", "iso2022jp_ext", "iso2022kr", "iso8859_10", "iso8859_11", "iso8859_13",
    "iso8859_14", "iso8859_15", "iso8859_16", "iso8859_2", "iso8859_3", "iso8859_4", "iso8859_5", "iso8859_6",
    "iso8859_7", "iso8859_8", "iso8859_9", "iso_2022_jp", "iso_2022_jp_1", "iso_2022_jp_2", "iso_2022_jp_2004",
    "iso_2022_jp_3", "iso_2022_jp_ext", "iso_2022_kr", "iso_8859_10", "iso_8859_10_1992", "iso_8859_11",
    "iso_8859_11_2001", "iso_8859_13", "iso_8859_14", "iso_8859_14_1998", "iso_8859_15", "iso_8859_16",
    "iso_8859_16_2001", "iso_8859_2", "iso_8859_2_1987", "iso_8859_3", "iso_8859_3_1988", "iso_8859_4",
    "iso_8859_4_1988", "iso_8859_5", "iso_8859_5_1988", "iso_8859_6", "iso_8859_6_1987", "iso_8859_7",
    "iso_8859_7_1987", "iso_8859_8", "iso_8859_8_1988", "iso_8859_9", "iso_8859_9_1989", "iso_celtic", "iso_ir_101",
    "iso_ir_109", "iso_ir_110", "iso_ir_126", "iso_ir_127", "iso_ir_138", "iso_ir_144", "iso_ir_148", "iso_ir_157",
    "iso_ir_166", "iso_ir_199", "iso_ir_226", "iso_ir_58", "jisx0213", "johab", "koi8_r", "koi8_t", "koi8_u",
    "korean", "ks_c_5601", "ks_c_5601_1987", "ks_x_1001", "ksc5601", "ksx1001", "kz1048", "kz_1048", "l10", "l2",
    "l3", "l4", "l5", "l6", "l7", "l8", "l9", "latin10", "latin2", "latin3", "latin4", "latin5", "latin6", "latin7",
    "latin8", "latin9", "mac_arabic", "mac_centeuro", "mac_croatian", "mac_cyrillic", "mac_farsi", "mac_greek",
    "mac_iceland", "mac_latin2", "mac_roman", "mac_romanian", "mac_turkish", "maccentraleurope", "maccyrillic",
    "macgreek", "maciceland", "macintosh", "maclatin2", "macroman", "macturkish", "ms1361", "ms932", "ms936", "ms949",
    "ms950", "ms_kanji", "mskanji", "palmos", "pt154", "ptcp154", "punycode", "quopri", "quopri_codec",
    "quoted_printable", "quotedprintable", "r8", "raw_unicode_escape", "rk1048", "roman8", "rot13", "rot_13",
    "ruscii", "s_jis", "s_jis_2004", "s_jisx0213", "shift_jis", "shift_jis_2004", "shift_jisx0213", "shiftjis",
    "shiftjis2004", "shiftjisx0213", "sjis", "sjis_2004", "sjisx0213", "strk1048_2002", "thai", "tis620", "tis_620",
    "tis_620_0", "tis_620_2529_0", "tis_620_2529_1", "u7", "u_jis", "uhc", "ujis", "undefined", "unicode_1_1_utf_7",
    "unicode_escape", "utf7", "utf_7", "uu", "uu_codec", "windows_1250", "windows_1251", "windows_1252",
    "windows_1253", "windows_1254", "windows_1255", "windows_1256", "windows_1257", "windows_1258", "x_mac_japanese",
    "x_mac_korean", "x_mac_simp_chinese", "x_mac_trad_chinese", "zip", "zlib", "zlib_codec",
];

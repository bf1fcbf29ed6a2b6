//! Python.

use crate::frame::Frame;
use crate::raw_frame::RawFrame;

use super::plain;

/// Modules of the standard library, over all versions, as far as their names are public.
#[rustfmt::skip]
const STANDARD: &[&str] = &[
    "abc", "aifc", "argparse", "array", "ast", "asynchat", "asyncio", "asyncore", "atexit", "audioop",
    "base64", "bdb", "binascii", "bisect", "builtins", "bz2", "cProfile", "calendar", "cgi", "cgitb", "chunk",
    "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys", "compileall", "concurrent",
    "configparser", "contextlib", "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes", "curses",
    "dataclasses", "datetime", "dbm", "decimal", "difflib", "dis", "distutils", "doctest", "email",
    "encodings", "ensurepip", "enum", "errno", "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch",
    "fractions", "ftplib", "functools", "gc", "genericpath", "getopt", "getpass", "gettext", "glob",
    "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac", "html", "http", "imaplib", "imghdr", "imp",
    "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "linecache", "locale",
    "logging", "lzma", "mailbox", "mailcap", "marshal", "math", "mimetypes", "mmap", "modulefinder", "msilib",
    "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "ntpath", "numbers", "opcode", "operator",
    "optparse", "os", "ossaudiodev", "pathlib", "pdb", "pickle", "pickletools", "pipes", "pkgutil",
    "platform", "plistlib", "poplib", "posix", "posixpath", "pprint", "profile", "pstats", "pty", "pwd",
    "py_compile", "pyclbr", "pydoc", "pyexpat", "queue", "quopri", "random", "re", "readline", "reprlib",
    "resource", "rlcompleter", "runpy", "sched", "secrets", "select", "selectors", "shelve", "shlex",
    "shutil", "signal", "site", "smtpd", "smtplib", "sndhdr", "socket", "socketserver", "spwd", "sqlite3",
    "ssl", "stat", "statistics", "string", "stringprep", "struct", "subprocess", "sunau", "symtable", "sys",
    "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile", "termios", "textwrap", "threading",
    "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace", "traceback", "tracemalloc", "tty",
    "turtle", "turtledemo", "types", "typing", "unicodedata", "unittest", "urllib", "uu", "uuid", "venv",
    "warnings", "wave", "weakref", "webbrowser", "winreg", "winsound", "wsgiref", "xdrlib", "xml", "xmlrpc",
    "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
];

/// Takes the frame as it is, but for whose code it is: that depends on where it was installed, which must not tell
/// equal stacks apart. What the SDK took for others' code stays so.
pub fn resolve<'a>(raw: &RawFrame<'a>) -> Frame<'a> {
    let mut frame = Frame::sent(raw, "python");
    frame.module.clone_from(&raw.fields.module);
    frame.in_app &= !is_library(raw);
    frame.code_variables = raw.fields.code_variables;
    frame.lines = plain::lines(raw);
    frame
}

fn is_library(raw: &RawFrame) -> bool {
    let fields = &raw.fields;
    let filename = fields.filename.as_deref().unwrap_or_default();
    let module = fields.module.as_deref().unwrap_or_default();
    let is_standard = STANDARD.binary_search(&module.split('.').next().unwrap_or_default()).is_ok();
    let path = fields.abs_path.as_deref();
    let last = path.and_then(|path| path.rsplit(['/', '\\']).next());
    if is_standard && (is_pseudo(filename) || last.is_some_and(is_pseudo)) {
        return true;
    }
    match path {
        Some(path) => is_installed(path) || is_standard_path(path),
        None => is_installed(filename) || is_standard,
    }
}

/// Code that has no file, such as `<frozen importlib._bootstrap>`.
fn is_pseudo(name: &str) -> bool {
    name.starts_with('<') && name.ends_with('>')
}

/// A package that was installed: a folder `site-packages` or `dist-packages` is in its path.
fn is_installed(path: &str) -> bool {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let folders = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    folders.iter().any(|folder| matches!(*folder, "site-packages" | "dist-packages"))
}

/// The standard library: folders `lib` and `python3.11` follow each other in its path.
fn is_standard_path(path: &str) -> bool {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let folders = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    folders.windows(2).any(|pair| matches!(pair[0], "lib" | "Lib") && is_version(pair[1]))
}

fn is_version(folder: &str) -> bool {
    let Some(version) = folder.strip_prefix("python") else { return false };
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number(major) && is_number(minor)
}

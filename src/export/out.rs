//! Where the text of an export goes: a file, a folder, a stream or memory, piece by piece, and stopped when the person says so.

use super::ExportError;
use crate::disk::{StagedFile, StagedFolder};
use std::io::Write;

/// What takes the files of an export.
pub trait Target {
    /// Begins a file of this name, a path with `/` below the chosen place; the one before it is complete.
    ///
    /// # Errors
    /// [`ExportError`] where the system refuses.
    fn begin(&mut self, name: &str) -> Result<(), ExportError>;

    /// Takes a piece of that file.
    ///
    /// # Errors
    /// [`ExportError`] where the system refuses, or where enough was taken.
    fn take(&mut self, piece: &[u8]) -> Result<(), ExportError>;
}

/// How far an export is: rounds done, and of how many. It answers whether to go on.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize) -> bool;

/// A target, and the rounds in which a format goes through the applications.
pub struct Out<'a> {
    target: &'a mut dyn Target,
    progress: Progress<'a>,
    done: usize,
    of: usize,
}

impl<'a> Out<'a> {
    /// Into this target, through so many applications.
    pub fn new(target: &'a mut dyn Target, of: usize, progress: Progress<'a>) -> Self {
        Self { target, progress, done: 0, of }
    }

    /// Begins a file.
    ///
    /// # Errors
    /// [`ExportError`] as the target's.
    pub fn file(&mut self, name: &str) -> Result<(), ExportError> {
        self.target.begin(name)
    }

    /// Writes a piece of text.
    ///
    /// # Errors
    /// [`ExportError`] as the target's.
    pub fn text(&mut self, piece: &str) -> Result<(), ExportError> {
        self.target.take(piece.as_bytes())
    }

    /// Writes a piece that is ready.
    ///
    /// # Errors
    /// [`ExportError`] as the target's.
    pub fn bytes(&mut self, piece: &[u8]) -> Result<(), ExportError> {
        self.target.take(piece)
    }

    /// Tells that one more application is done.
    ///
    /// # Errors
    /// [`ExportError::Stopped`] where the person has stopped it.
    pub fn step(&mut self) -> Result<(), ExportError> {
        const STRIDE: usize = 256;
        self.done += 1;
        let go_on = !self.done.is_multiple_of(STRIDE) || (self.progress)(self.done.min(self.of), self.of);
        if go_on { Ok(()) } else { Err(ExportError::Stopped) }
    }
}

/// Keeps the files in memory, whole or their beginning.
#[derive(Debug)]
pub struct Memory {
    /// Their names and texts.
    pub files: Vec<(String, Vec<u8>)>,
    left: usize,
}

impl Default for Memory {
    fn default() -> Self {
        Self::beginning(usize::MAX)
    }
}

impl Memory {
    /// So many bytes of them; then it has enough.
    #[must_use]
    pub const fn beginning(bytes: usize) -> Self {
        Self { files: Vec::new(), left: bytes }
    }
}

impl Target for Memory {
    fn begin(&mut self, name: &str) -> Result<(), ExportError> {
        self.files.push((name.to_owned(), Vec::new()));
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), ExportError> {
        let Some((_, text)) = self.files.last_mut() else { return Ok(()) };
        text.extend(piece.iter().take(self.left));
        if piece.len() > self.left {
            self.left = 0;
            return Err(ExportError::Enough);
        }
        self.left -= piece.len();
        Ok(())
    }
}

/// A stream: the one file of a format that makes no more.
pub struct Stream<'a>(pub &'a mut dyn Write);

impl Target for Stream<'_> {
    fn begin(&mut self, _name: &str) -> Result<(), ExportError> {
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), ExportError> {
        self.0.write_all(piece).map_err(ExportError::Stream)
    }
}

impl Target for StagedFile {
    /// Of a format that makes one file alone: the file that was begun with.
    fn begin(&mut self, _name: &str) -> Result<(), ExportError> {
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), ExportError> {
        Ok(self.append(piece)?)
    }
}

impl Target for StagedFolder {
    fn begin(&mut self, name: &str) -> Result<(), ExportError> {
        Ok(self.add(name)?)
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), ExportError> {
        Ok(self.append(piece)?)
    }
}

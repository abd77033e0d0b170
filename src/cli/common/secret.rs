//! Asking a person for a secret: typed, not shown.

use std::io::{BufRead, IsTerminal};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use zeroize::Zeroizing;

/// Asks on the terminal with the echo off; `nobody` says what to do where there is none.
///
/// # Errors
/// Nobody to ask.
pub fn ask_or(prompt: &str, nobody: &str) -> anyhow::Result<Zeroizing<String>> {
    if !std::io::stdin().is_terminal() {
        bail!("{nobody}");
    }
    echo(false).context("the terminal's echo cannot be turned off")?;
    eprint!("{prompt}");
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().read_line(&mut line);
    eprintln!();
    echo(true)?;
    read?;
    Ok(Zeroizing::new(line.trim_end_matches(['\n', '\r']).to_owned()))
}

fn echo(on: bool) -> anyhow::Result<()> {
    let word = if on { "echo" } else { "-echo" };
    let done = Command::new("stty").arg(word).stdin(Stdio::inherit()).status()?;
    if done.success() { Ok(()) } else { bail!("stty {word} failed") }
}

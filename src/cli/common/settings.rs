//! The settings of `serve`: from its command line, else the environment, else a settings file, else
//! as built in. A file says what the options of the same names say, so that each is described and
//! judged in one place. Not here: how a file is read (`settings_file`), what a setting does.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use super::keys::PASSPHRASE_VARIABLE;
use super::output::{say, say_json, table};
use super::settings_file::{self, Entry, Value};
use crate::ledger::Home;

/// The verb whose settings these are.
const VERB: &str = "serve";

/// The file of the data folder that is read where none is named.
const OF_THE_FOLDER: &str = "settings.toml";

/// What is said once, by who sits there, and stands in no file.
const SAID_ONCE: [&str; 2] = ["accept-restored", "accept-clock"];

/// Options of all verbs that are settings of this one.
const OF_ALL_VERBS: [&str; 3] = ["data", "log-level", "cacert"];

/// Options that ask for something else.
const NO_SETTINGS: [&str; 3] = ["config", "show-settings", "help"];

/// Names that look like settings and are secrets.
const SECRETS: [&str; 5] = ["pass", "secret", "pin", "token", "private-key"];

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    BuiltIn,
    Folder,
    File(PathBuf, usize),
    Variable(String),
    CommandLine,
}

/// One setting as it is in force.
#[derive(Clone, Debug)]
struct Setting {
    name: String,
    values: Vec<String>,
    origin: Origin,
}

/// All settings of a service, with where each comes from.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    all: Vec<Setting>,
    /// The file that was read, if one was.
    pub file: Option<PathBuf>,
}

/// A row of `--show-settings --json`.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    /// None where nothing is set.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    value: &'a [String],
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<&'a str>,
}

/// What the arguments come to, with a settings file where the verb takes one.
///
/// # Errors
/// What is wrong with the file, with its line; what is wrong with the arguments, as `clap` has it.
pub fn settle(command: Command, arguments: &[OsString]) -> anyhow::Result<(ArgMatches, Settings)> {
    let matches = command.clone().try_get_matches_from(arguments)?;
    let Some((VERB, own)) = matches.subcommand() else { return Ok((matches, Settings::default())) };
    let data: PathBuf = matches.get_one("data").cloned().unwrap_or_default();
    let named = own.get_one::<PathBuf>("config").cloned();
    let kept = Some(data.join(OF_THE_FOLDER)).filter(|path| path.exists());
    let Some(path) = named.clone().or(kept) else {
        let all = in_force(&command, &matches, None);
        return Ok((matches, Settings { all, file: None }));
    };
    let entries = settings_file::read(&path)?;
    let mut told = command;
    for entry in &entries {
        let at = |fault| anyhow::anyhow!("{}:{}: {fault}", path.display(), entry.line);
        told = with_entry(told, entry, named.is_some()).map_err(at)?;
    }
    let matches = told.clone().try_get_matches_from(arguments)?;
    let all = in_force(&told, &matches, Some((&path, &entries)));
    Ok((matches, Settings { all, file: Some(path) }))
}

/// The options that are settings, each with its name.
fn options(command: &Command) -> Vec<(&str, &Arg)> {
    let of_all = command.get_arguments().filter_map(|arg| Some((arg.get_long()?, arg)));
    let of_all = of_all.filter(|(name, _)| OF_ALL_VERBS.contains(name));
    let own = command.find_subcommand(VERB).into_iter().flat_map(Command::get_arguments);
    let own = own.filter_map(|arg| Some((arg.get_long()?, arg)));
    let others = [&SAID_ONCE[..], &NO_SETTINGS[..]].concat();
    let own = own.filter(|(name, arg)| !others.contains(name) && !arg.is_global_set());
    of_all.chain(own).collect()
}

/// The command with a setting of a file in place of what is built in.
fn with_entry(command: Command, entry: &Entry, named: bool) -> Result<Command, String> {
    let key = entry.key.as_str();
    let found = options(&command).into_iter().find(|(name, _)| *name == key);
    let Some((_, arg)) = found else { return Err(unknown(&command, key)) };
    if key == "data" && !named {
        return Err("a file that lies in the data folder does not say where that is".to_owned());
    }
    let values = values_of(arg, &entry.value).map_err(|fault| format!("{key}: {fault}"))?;
    let id = arg.get_id().clone();
    let put = |arg: Arg| arg.default_values(values);
    Ok(match OF_ALL_VERBS.contains(&key) {
        true => command.mut_arg(id, put),
        false => command.mut_subcommand(VERB, |verb| verb.mut_arg(id, put)),
    })
}

fn unknown(command: &Command, key: &str) -> String {
    if SAID_ONCE.contains(&key) {
        return format!("{key} is said once, on the command line: it stands in no file");
    }
    if SECRETS.iter().any(|word| key.contains(word)) {
        return format!(
            "{key} is no setting: no secret stands in a settings file; the passphrase of the keys \
             is in {PASSPHRASE_VARIABLE} or beside them"
        );
    }
    let names = options(command);
    let far = |name: &&str| strsim::damerau_levenshtein(name, &key.replace('_', "-"));
    let nearest = names.iter().map(|(name, _)| *name).min_by_key(far);
    let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    format!(
        "{key:?} is no setting; the nearest is {}, and there are {}",
        nearest.unwrap_or_default(),
        names.join(", ")
    )
}

/// The values of an entry, as the option of its name takes them.
fn values_of(arg: &Arg, value: &Value) -> Result<Vec<String>, String> {
    let switch = matches!(arg.get_action(), ArgAction::SetTrue);
    let several = matches!(arg.get_action(), ArgAction::Append);
    let values = match value {
        Value::Switch(on) if switch => return Ok(vec![on.to_string()]),
        _ if switch => return Err("write true or false".to_owned()),
        Value::List(texts) if several => texts.clone(),
        Value::Text(text) => vec![text.clone()],
        Value::List(_) => return Err("one value, and no list".to_owned()),
        Value::Switch(_) => return Err("a text or a number".to_owned()),
    };
    let path = arg.get_value_parser().type_id() == TypeId::of::<PathBuf>();
    for value in &values {
        if path && !Path::new(value).is_absolute() {
            return Err(format!("{value:?} must begin with /: a service is started anywhere"));
        }
        judged(arg, value)?;
    }
    Ok(values)
}

/// Whether the option takes the value, in the words of the option.
fn judged(arg: &Arg, value: &str) -> Result<(), String> {
    let alone = arg.clone().env(None::<&'static str>).required(false).global(false);
    let name = arg.get_long().unwrap_or_default();
    let command = Command::new(VERB).no_binary_name(true).arg(alone);
    let taken = command.try_get_matches_from([format!("--{name}={value}")]);
    taken.map(|_| ()).map_err(|error| {
        let words = error.to_string();
        let first = words.lines().next().unwrap_or_default();
        first.trim_start_matches("error: ").to_owned()
    })
}

/// Every setting as it is in force.
fn in_force(
    command: &Command,
    matches: &ArgMatches,
    file: Option<(&Path, &[Entry])>,
) -> Vec<Setting> {
    let own = matches.subcommand_matches(VERB);
    let mut all = Vec::new();
    for (name, arg) in options(command) {
        let id = arg.get_id().as_str();
        let of = if OF_ALL_VERBS.contains(&name) { Some(matches) } else { own };
        let raw = of.and_then(|matches| matches.get_raw(id)).into_iter().flatten();
        let values = raw.map(|value| without_login(&value.to_string_lossy())).collect();
        let line = || {
            let (path, entries) = file?;
            let entry = entries.iter().find(|entry| entry.key == name)?;
            Some(Origin::File(path.to_owned(), entry.line))
        };
        let origin = match of.and_then(|matches| matches.value_source(id)) {
            Some(ValueSource::CommandLine) => Origin::CommandLine,
            Some(ValueSource::EnvVariable) => {
                Origin::Variable(arg.get_env().unwrap_or_default().to_string_lossy().into_owned())
            }
            _ => line().unwrap_or(Origin::BuiltIn),
        };
        all.push(Setting { name: name.to_owned(), values, origin });
    }
    let data: Option<&PathBuf> = matches.get_one("data");
    if let Some(data) = data {
        of_the_folder(&mut all, data);
    }
    all
}

/// What lies in the data folder and counts where nothing else is said.
fn of_the_folder(all: &mut Vec<Setting>, data: &Path) {
    let policy = data.join("witness-policy");
    for setting in all.iter_mut().filter(|it| it.name == "witness-policy") {
        if setting.values.is_empty() && policy.is_file() {
            setting.values = vec![policy.display().to_string()];
            setting.origin = Origin::Folder;
        }
    }
    // Whether there is a passphrase is told, and what it is never.
    let kept = Home::at(data).passphrase_file().exists();
    let set = std::env::var_os(PASSPHRASE_VARIABLE).is_some();
    let (values, origin) = match (set, kept) {
        (true, _) => (vec![HIDDEN.to_owned()], Origin::Variable(PASSPHRASE_VARIABLE.to_owned())),
        (false, true) => (vec![HIDDEN.to_owned()], Origin::Folder),
        (false, false) => (Vec::new(), Origin::BuiltIn),
    };
    all.push(Setting { name: "passphrase".to_owned(), values, origin });
}

/// In place of a secret.
const HIDDEN: &str = "(set, not shown)";

/// An address without the name and password that may stand in it.
fn without_login(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    match host.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{HIDDEN}@{host}{path}"),
        None => value.to_owned(),
    }
}

impl Settings {
    /// Prints every setting and where it comes from.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn show(&self, json: bool) -> anyhow::Result<()> {
        if self.all.is_empty() {
            bail!("there are no settings");
        }
        if json {
            return say_json(&self.all.iter().map(Setting::row).collect::<Vec<_>>());
        }
        let line = |it: &Setting| {
            let value = if it.values.is_empty() { "-".to_owned() } else { it.values.join(" ") };
            vec![it.name.clone(), value, it.origin.words()]
        };
        say(table(&self.all.iter().map(line).collect::<Vec<_>>()))
    }
}

impl Setting {
    fn row(&self) -> Row<'_> {
        let (file, line) = match &self.origin {
            Origin::File(path, line) => (Some(path.display().to_string()), Some(*line)),
            _ => (None, None),
        };
        let variable = match &self.origin {
            Origin::Variable(name) => Some(name.as_str()),
            _ => None,
        };
        let origin = match &self.origin {
            Origin::BuiltIn => "default",
            Origin::Folder => "data folder",
            Origin::File(..) => "file",
            Origin::Variable(_) => "environment",
            Origin::CommandLine => "command line",
        };
        Row { name: &self.name, value: &self.values, origin, file, line, variable }
    }
}

impl Origin {
    fn words(&self) -> String {
        match self {
            Self::BuiltIn => "default".to_owned(),
            Self::Folder => "data folder".to_owned(),
            Self::File(path, line) => format!("{}:{line}", path.display()),
            Self::Variable(name) => format!("environment {name}"),
            Self::CommandLine => "command line".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_login() {
        let cases = [
            ("https://a.example/x@y", "https://a.example/x@y"),
            ("https://u:p@a.example/x", "https://(set, not shown)@a.example/x"),
            ("https://u:p@w@a.example", "https://(set, not shown)@a.example"),
            ("https://a.example?u:p@b", "https://a.example?u:p@b"),
            ("/var/lib/a@b", "/var/lib/a@b"),
        ];
        for (value, shown) in cases {
            assert_eq!(without_login(value), shown);
        }
    }
}

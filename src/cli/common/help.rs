//! Help and faults of a call in French: clap's own, with texts of `cli-help.fr.ftl` put in. English
//! is what the code says, and what clap says of itself. Not here: what a verb says once it runs
//! (`words`).

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::OnceLock;

use clap::builder::PossibleValue;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

const SOURCE: &str = include_str!("../../../assets/locales/cli-help.fr.ftl");

/// What clap says of itself in a page of help, and the text for it.
const FIXED: [(&str, &str); 8] = [
    ("Usage:", "word-usage"),
    ("Commands:", "word-commands"),
    ("Arguments:", "word-arguments"),
    ("Options:", "word-options"),
    ("Print this message or the help of the given subcommand(s)", "word-help"),
    ("Print help (see more with '--help')", "word-help"),
    ("Print help (see a summary with '-h')", "word-help"),
    ("Print version", "word-version"),
];

/// What is shorter than others of the same beginning comes behind them.
const FIXED_SHORT: (&str, &str) = ("Print help", "word-help");

fn texts() -> &'static FluentBundle<FluentResource> {
    static TEXTS: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let mut texts = FluentBundle::new_concurrent(vec!["fr".parse().unwrap_or_default()]);
        // A terminal shows marks around values.
        texts.set_use_isolating(false);
        let resource = FluentResource::try_new(SOURCE.to_owned());
        let _duplicates = texts.add_resource(resource.unwrap_or_else(|(readable, _)| readable));
        texts
    })
}

/// The text with this id, if there is one.
fn text(id: &str, values: &[(&str, &str)]) -> Option<String> {
    let pattern = texts().get_message(id)?.value()?;
    let values: FluentArgs<'_> = values.iter().copied().collect();
    Some(texts().format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned())
}

fn said(id: &str, values: &[(&str, &str)]) -> String {
    text(id, values).unwrap_or_else(|| id.to_owned())
}

/// The id of an option's text: of the command itself, of those above it, of all.
fn key_of(path: &str, option: &str) -> Option<String> {
    let mut path = path;
    loop {
        let parted = if path.is_empty() { "" } else { "-" };
        let key = format!("help-{path}{parted}{option}");
        if texts().has_message(&key) {
            return Some(key);
        }
        path = match path.rsplit_once('-') {
            Some((above, _)) => above,
            None if path.is_empty() => return None,
            None => "",
        };
    }
}

/// The command as French help shows it; `verb` gives the one line of a verb.
pub fn in_french(command: Command, verb: impl Fn(&str) -> Option<String>) -> Command {
    let about = said("about", &[]);
    let command = command.about(about).long_about(None::<&str>);
    put_in(command, "").mut_subcommands(|sub| {
        let about = verb(sub.get_name());
        let path = sub.get_name().to_owned();
        told(sub, about).mut_subcommands(|sub| nested(sub, &path))
    })
}

fn nested(command: Command, path: &str) -> Command {
    let path = format!("{path}-{}", command.get_name());
    let about = text(&format!("does-{path}"), &[]);
    told(command, about).mut_subcommands(|sub| nested(sub, &path))
}

fn told(command: Command, about: Option<String>) -> Command {
    match about {
        Some(about) => command.about(about).long_about(None::<&str>),
        None => command,
    }
}

/// Options of a command and of those below it, and what stands behind them.
fn put_in(command: Command, path: &str) -> Command {
    let after = command.get_after_help().map(|after| behind(&after.to_string(), path));
    let command = match after {
        Some(after) => command.after_help(after),
        None => command,
    };
    command.mut_args(|arg| option(arg, path)).mut_subcommands(|sub| {
        let parted = if path.is_empty() { "" } else { "-" };
        let path = format!("{path}{parted}{}", sub.get_name());
        put_in(sub, &path)
    })
}

/// Examples as they are, and the words behind them in French where there are some.
fn behind(english: &str, path: &str) -> String {
    let kept: Vec<&str> = english.split("\n\n").filter(|part| is_example(part)).collect();
    let kept = kept.join("\n\n").replacen("Examples:", &said("word-examples", &[]), 1);
    let kept = kept.replacen("Example:", &said("word-example", &[]), 1);
    match text(&format!("after-{path}"), &[]) {
        Some(words) if kept.is_empty() => words,
        Some(words) => format!("{kept}\n\n{words}"),
        None => kept,
    }
}

fn is_example(part: &str) -> bool {
    let of_example = |line: &str| line.starts_with("  ") || line.trim().is_empty();
    part.trim_start().starts_with("Example") || part.lines().all(of_example)
}

fn option(arg: Arg, path: &str) -> Arg {
    let Some(help) = key_of(path, arg.get_id().as_str()).and_then(|key| text(&key, &[])) else {
        return arg;
    };
    let shown = |values: Vec<PossibleValue>| -> Vec<PossibleValue> {
        values.into_iter().filter(|value| !value.is_hide_set()).collect()
    };
    let takes = arg.get_action().takes_values() && !arg.is_hide_possible_values_set();
    let values = if takes { shown(arg.get_possible_values()) } else { Vec::new() };
    let mut marks = Vec::new();
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|it| it.to_string_lossy().into_owned()).collect();
    if takes && !defaults.is_empty() && !arg.is_hide_default_value_set() {
        marks.push(said("word-default", &[("value", &defaults.join(" "))]));
    }
    if let Some(name) = arg.get_env().filter(|_| !arg.is_hide_env_set()) {
        marks.push(said("word-env", &[("value", &name.to_string_lossy())]));
    }
    let marks: String = marks.iter().map(|mark| format!(" [{mark}]")).collect();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let (mut short, mut long) = (format!("{help}{marks}"), format!("{help}{marks}"));
    if !names.is_empty() {
        let _ = write!(short, " [{}]", said("word-values", &[("value", &names.join(", "))]));
        let _ = write!(long, "\n\n{}", said("word-values-head", &[]));
    }
    for name in names {
        let meant = text(&format!("value-{}-{name}", arg.get_id()), &[]);
        let meant = meant.map(|meant| format!(" : {meant}")).unwrap_or_default();
        let _ = write!(long, "\n- {name}{meant}");
    }
    let arg = arg.help(short).long_help(long).hide_env(true);
    if takes { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
}

/// What clap answers, in French: a page of help, or a fault of the call. None: clap's own words,
/// for kinds of faults that no text is for.
pub fn answer(error: &clap::Error, ansi: bool) -> Option<String> {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let page = error.render();
        let page = if ansi { page.ansi().to_string() } else { page.to_string() };
        return Some(fixed(&page));
    }
    let what = fault(error)?;
    let usage = found(error, ContextKind::Usage).map(|usage| fixed(&usage)).unwrap_or_default();
    let usage = match usage.trim_end() {
        "" => String::new(),
        usage => format!("{usage}\n\n"),
    };
    let (head, more) = (said("call-fault", &[]), said("call-more", &[]));
    Some(format!("{head} {what}\n\n{usage}{more}\n"))
}

fn fixed(page: &str) -> String {
    let mut page = page.to_owned();
    for (english, id) in FIXED {
        let colon = if english.ends_with(':') && id != "word-usage" { " :" } else { "" };
        page = page.replace(english, &format!("{}{colon}", said(id, &[])));
    }
    page.replace(FIXED_SHORT.0, &said(FIXED_SHORT.1, &[]))
}

fn found(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What is wrong with a call.
fn fault(error: &clap::Error) -> Option<String> {
    use ContextKind::{
        InvalidArg, InvalidSubcommand, InvalidValue, PriorArg, SuggestedArg, SuggestedSubcommand,
        SuggestedValue, ValidSubcommand, ValidValue,
    };
    let get = |kind| found(error, kind).unwrap_or_default();
    let (option, value) = (get(InvalidArg), get(InvalidValue));
    let both = [("option", option.as_str()), ("value", value.as_str())];
    let (what, nearest, values) = match error.kind() {
        ErrorKind::UnknownArgument => {
            (said("call-unknown", &[("value", &option)]), get(SuggestedArg), String::new())
        }
        ErrorKind::InvalidSubcommand => {
            let verb = get(InvalidSubcommand);
            (
                said("call-unknown-verb", &[("value", &verb)]),
                get(SuggestedSubcommand),
                String::new(),
            )
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            (said("call-empty", &both), String::new(), get(ValidValue))
        }
        ErrorKind::InvalidValue => {
            (said("call-invalid", &both), get(SuggestedValue), get(ValidValue))
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            let why = said("call-why", &[("value", &why)]);
            (format!("{}\n  {why}", said("call-invalid", &both)), String::new(), String::new())
        }
        ErrorKind::MissingRequiredArgument => {
            (said("call-missing", &[("value", &option)]), String::new(), String::new())
        }
        ErrorKind::MissingSubcommand => {
            (said("call-missing-verb", &[]), String::new(), get(ValidSubcommand))
        }
        ErrorKind::ArgumentConflict => {
            let prior = get(PriorArg);
            let told = [("option", option.as_str()), ("value", prior.as_str())];
            (said("call-conflict", &told), String::new(), String::new())
        }
        ErrorKind::TooManyValues => (said("call-too-many", &both), String::new(), String::new()),
        _ => return None,
    };
    let beside = [("call-nearest", nearest), ("call-values", values)];
    let beside = beside.iter().filter(|(_, text)| !text.is_empty());
    let beside: String =
        beside.map(|(id, text)| format!("\n  {}", said(id, &[("value", text)]))).collect();
    Some(what + &beside)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::cli::verbs::plain_command;

    /// Every command with its path.
    fn commands() -> Vec<(String, Command)> {
        fn below(command: &Command, path: &str, all: &mut Vec<(String, Command)>) {
            all.push((path.to_owned(), command.clone()));
            for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
                let parted = if path.is_empty() { "" } else { "-" };
                below(sub, &format!("{path}{parted}{}", sub.get_name()), all);
            }
        }
        let mut all = Vec::new();
        below(&plain_command(), "", &mut all);
        all
    }

    /// Every verb, option, value and word behind them is there in French; one text stands for one
    /// English text; and no text is for nothing.
    #[test]
    fn all_help_is_there_in_french_and_none_is_left_over() {
        let mut english: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut missing = Vec::new();
        let fixed = ["about", "word-", "call-"];
        for (path, command) in commands() {
            if path.contains('-') && command.get_about().is_some() && !path.starts_with("read-") {
                let key = format!("does-{path}");
                let verb = plain_command().find_subcommand(&path).is_some();
                let known = verb || texts().has_message(&key);
                if !known {
                    missing.push(format!("{key} = {}", command.get_about().unwrap()));
                }
                english.entry(key).or_default();
            }
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let id = arg.get_id().as_str();
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                match key_of(&path, id) {
                    Some(key) => drop(english.entry(key).or_default().insert(help)),
                    None => missing.push(format!("help-{path}-{id} = {help}")),
                }
                for value in arg.get_possible_values() {
                    let key = format!("value-{id}-{}", value.get_name());
                    if let Some(meant) = value.get_help() {
                        if !texts().has_message(&key) {
                            missing.push(format!("{key} = {meant}"));
                        }
                        english.entry(key).or_default().insert(meant.to_string());
                    }
                }
            }
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let words: Vec<&str> = after.split("\n\n").filter(|part| !is_example(part)).collect();
            if !words.is_empty() {
                let key = format!("after-{path}");
                if !texts().has_message(&key) {
                    missing.push(format!("{key} = {}", words.join(" // ")));
                }
                english.entry(key).or_default();
            }
        }
        assert!(missing.is_empty(), "no French for:\n{}", missing.join("\n"));
        let twice = english.iter().filter(|(_, texts)| texts.len() > 1);
        let twice: Vec<String> = twice.map(|(key, texts)| format!("{key}: {texts:#?}")).collect();
        assert!(
            twice.is_empty(),
            "one French text for several English ones:\n{}",
            twice.join("\n")
        );
        let ids = SOURCE.lines().filter(|line| !line.starts_with(['#', ' ']));
        let ids = ids.filter_map(|line| line.split_once(" ="));
        let mut seen = BTreeSet::new();
        let left: Vec<&str> = ids
            .map(|(id, _)| id)
            .inspect(|id| assert!(seen.insert(id.to_string()), "{id} stands twice"))
            .filter(|id| !fixed.iter().any(|known| id.starts_with(known)))
            .filter(|id| !english.contains_key(*id))
            .collect();
        assert!(left.is_empty(), "for nothing: {left:#?}");
    }

    /// A page of help has no word of clap's own left.
    #[test]
    fn pages_of_help_speak_french_throughout() {
        let verb = |name: &str| crate::cli::common::words::Tongue::Fr.text(&format!("verb-{name}"));
        let mut pages = Vec::new();
        fn below(command: Command, pages: &mut Vec<String>) {
            let mut page = command.clone();
            pages.push(fixed(&page.render_long_help().to_string()));
            pages.push(fixed(&page.render_help().to_string()));
            let subs: Vec<Command> = command.get_subcommands().cloned().collect();
            let shown = |sub: &Command| !sub.is_hide_set() && sub.get_name() != "help";
            subs.into_iter().filter(shown).for_each(|sub| below(sub, pages));
        }
        let mut whole = in_french(plain_command(), verb);
        whole.build();
        below(whole, &mut pages);
        assert!(pages.len() > 100, "{}", pages.len());
        let english = [
            "Usage",
            "Options:",
            "Commands:",
            "Arguments:",
            "Print ",
            "[default",
            "[env",
            "[possible",
            "Possible values",
            "Examples",
            "Example:",
            " the ",
            " is ",
            " of ",
        ];
        for page in pages {
            for word in english {
                // Examples, and heads of English documents.
                let named = |line: &str| line.contains("tasdiq ") || line.contains("docs/");
                let french = page.lines().all(|line| !line.contains(word) || named(line));
                assert!(french, "{word:?} in:\n{page}");
            }
        }
    }

    #[test]
    fn faults_of_a_call_are_told_in_french() {
        let told = |line: &str| {
            let arguments = line.split(' ');
            let error = plain_command().try_get_matches_from(arguments).unwrap_err();
            answer(&error, false).unwrap_or_else(|| format!("untold: {error}"))
        };
        for (line, said) in [
            ("tasdiq demo --fone", "argument inconnu : --fone\n  voulez-vous dire --phone ?"),
            ("tasdiq dmo", "commande inconnue : dmo\n  voulez-vous dire demo ?"),
            ("tasdiq keygen", "il manque : --out <FILE>"),
            ("tasdiq catalogue fruits", "« fruits » ne convient pas"),
            ("tasdiq serve --quota x", "« x » ne convient pas pour --quota <N>"),
            ("tasdiq demo --phone --host a", "ne va pas avec"),
            ("tasdiq export", "il manque : <DIR>"),
            ("tasdiq serve --listen", "demande une valeur"),
        ] {
            let told = told(line);
            assert!(told.starts_with("faute : ") && told.contains(said), "{line}: {told}");
            assert!(told.contains("--help") && !told.contains("Usage"), "{told}");
        }
        assert!(told("tasdiq --help").contains("Utilisation :"));
    }
}

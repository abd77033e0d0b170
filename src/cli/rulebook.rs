//! `tasdiq rulebook`: which edition of the rules judges new entries, and raising it. It never goes
//! down again, so it is asked first.

use anyhow::{Context, bail};
use serde_json::json;

use super::common::documents::read_bytes;
use super::common::editions::edition_line;
use super::common::keys::Passphrase;
use super::common::lookup;
use super::common::lookup::RulebookFacts;
use super::common::output::{say, say_json};
use super::common::rules::{changes, counts};
use super::common::service::{At, Source};
use super::common::signing_session::{SigningSession, key_or};
use super::common::verdict::clean;
use super::{Consent, Global, Outcome};
use crate::catalog::Catalog;
use crate::ledger::{Home, KeyName};
use crate::limits::{EDITION_MAX, LATER_FORMS_EDITION};
use crate::names::PartySlug;
use crate::register::loosens;
use crate::statement::{GoodsRules, Rulebook, first_goods_rules};
use std::path::PathBuf;

/// What to do.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "Examples:\n  \
    tasdiq rulebook show --url https://ledger.example\n  \
    tasdiq rulebook show --json > rules.json\n  \
    tasdiq rulebook propose lists.json --as root.pem\n  \
    tasdiq rulebook raise\n  \
    tasdiq rulebook raise --as root.pem --yes\n\n\
    docs/OPERATING.md, \"Raising the rules\", says what to do before and after.")]
pub enum Act {
    /// Says which edition holds and since when.
    Show(ShowArgs),
    /// Puts a newer edition in force, for good.
    Raise(RaiseArgs),
    /// Puts other lists of goods in force: shows what changes and what that loosens, and asks.
    Propose(ProposeArgs),
}

/// Options of `show`.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    #[command(flatten)]
    at: At,
}

/// Options of `raise`.
#[derive(Debug, clap::Args)]
pub struct RaiseArgs {
    /// The edition; the newest that this release knows if left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    edition: Option<u32>,
    /// Key file or PKCS#11 URI of the authority; its registrar key in the data folder if left out.
    #[arg(long = "as", env = "TASDIQ_AS", hide_env_values = true, value_name = "KEYFILE")]
    signer: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    at: At,
}

/// Options of `propose`.
#[derive(Debug, clap::Args)]
pub struct ProposeArgs {
    /// JSON with the lists, all of them, as the member `goods` of `rulebook show --json` has them;
    /// `-` is stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only show what changes; sign nothing.
    #[arg(long)]
    dry_run: bool,
    /// Key file or PKCS#11 URI of the authority; its registrar key in the data folder if left out.
    /// What loosens needs the root key.
    #[arg(long = "as", env = "TASDIQ_AS", hide_env_values = true, value_name = "KEYFILE")]
    signer: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    at: At,
}

/// Runs the verb.
///
/// # Errors
/// What keeps it from being done.
pub fn run(act: &Act, global: &Global) -> anyhow::Result<Outcome> {
    match act {
        Act::Show(args) => {
            let holds = lookup::rulebook(&Source::open(&args.at, global)?)?;
            tell(&holds, global)?;
            Ok(Outcome::Passed)
        }
        Act::Raise(args) => raise(args, global),
        Act::Propose(args) => propose(args, global),
    }
}

fn tell(holds: &RulebookFacts, global: &Global) -> anyhow::Result<()> {
    if global.json {
        return say_json(holds);
    }
    let since = match (holds.index, holds.logged_at) {
        (Some(index), Some(at)) => format!("version {}, entry {index}, {at}", holds.version),
        _ => "no rulebook was logged: the rules of the first release".to_owned(),
    };
    say(format!("Rules: {}\n  {since}", edition_line(holds.edition)))?;
    let Some(goods) = &holds.goods else { return Ok(()) };
    let lists = counts(goods).into_iter();
    let lists: Vec<String> = lists.map(|(name, rows)| format!("{name} {rows}")).collect();
    say(format!("  goods: {}; --json shows them", lists.join(", ")))
}

/// The next version, with these lists in place of those in force.
fn propose(args: &ProposeArgs, global: &Global) -> anyhow::Result<Outcome> {
    let proposed: GoodsRules = serde_json::from_slice(&read_bytes(&args.file)?)
        .with_context(|| format!("{}: the lists of a rulebook", args.file.display()))?;
    let source = Source::open(&args.at, global)?;
    let holds = lookup::rulebook(&source)?;
    let Some(in_force) = &holds.goods else {
        bail!("edition {} says nothing of goods: raise it first", holds.edition);
    };
    let changes = changes(in_force, &proposed);
    if changes.is_empty() {
        say("nothing changes; nothing was done")?;
        return Ok(Outcome::Passed);
    }
    let looser = loosens(&proposed, in_force, Catalog::builtin()?);
    let version = holds.version.saturating_add(1);
    if args.dry_run && global.json {
        say_json(&json!({ "version": version, "changes": changes, "loosens": looser }))?;
        return Ok(Outcome::Passed);
    }
    let shown = changes.iter().map(|line| clean(line)).collect::<Vec<_>>().join("\n  ");
    eprintln!("Rulebook {version}, {} changes:\n  {shown}", changes.len());
    match looser {
        Some(what) => eprintln!("It LOOSENS {what}, so it needs the root key (--as root.pem)"),
        None => eprintln!("It loosens nothing: the registrar may sign it"),
    }
    if args.dry_run {
        return Ok(Outcome::Passed);
    }
    // The folder is opened once at a time.
    drop(source);
    let key = key_or(args.signer.as_ref(), Home::at(&global.data).newest_key(KeyName::Registrar));
    let desk =
        SigningSession::open(&args.at, global, &key, &args.passphrase, &PartySlug::authority())?;
    let (edition, goods) = (holds.edition, proposed);
    let unsigned = Rulebook { version, edition, goods }.draft(&desk.draft());
    desk.file(&[unsigned], args.consent, global.json)
}

fn raise(args: &RaiseArgs, global: &Global) -> anyhow::Result<Outcome> {
    let edition = args.edition.unwrap_or(EDITION_MAX);
    if edition > EDITION_MAX {
        bail!("--edition {edition}: this release knows editions up to {EDITION_MAX}");
    }
    let key = key_or(args.signer.as_ref(), Home::at(&global.data).newest_key(KeyName::Registrar));
    let desk =
        SigningSession::open(&args.at, global, &key, &args.passphrase, &PartySlug::authority())?;
    let holds = lookup::rulebook(&desk.source)?;
    if edition <= holds.edition {
        tell(&holds, global)?;
        return Ok(Outcome::Passed);
    }
    let version = holds.version.saturating_add(1);
    let begins = holds.edition < LATER_FORMS_EDITION && edition >= LATER_FORMS_EDITION;
    let goods = if begins { first_goods_rules()? } else { holds.goods.unwrap_or_default() };
    let unsigned = Rulebook { goods, ..Rulebook::plain(version, edition) }.draft(&desk.draft());
    let outcome = desk.file(&[unsigned], args.consent, global.json)?;
    if outcome == Outcome::Passed && holds.edition == 0 {
        eprintln!(
            "Certificates now need agreements of the clients. The registrar signs them from paper, \
             a client its own:\n  tasdiq register agreement --certifier ID --client all"
        );
    }
    if outcome == Outcome::Passed && begins {
        eprintln!(
            "Goods are traced from now on. Recipes, ceilings and seasons are those of published \
             yields, some of them assumptions: look at them (tasdiq rulebook show) and put your own \
             in force (tasdiq rulebook propose FILE)."
        );
    }
    Ok(outcome)
}

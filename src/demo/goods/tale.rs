//! How the story is told: a lot, a certificate, an event at a time, each signed by who says it and
//! sent in by the way of every client; days fall into the harvest's season, whatever day it is.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::catalog::{Catalog, DayOfYear};
use crate::demo::cast::{CAPACITIES, OPERATORS};
use crate::demo::stage::Stage;
use crate::ledger::{LedgerError, Unmet};
use crate::names::{LotKey, PartySlug, UnitKey, Word};
use crate::statement::{
    Arrival, CertificateClaim, CertificateFacts, CustodyModel, Day, Discrepancy, Event, EventId,
    EventKind, EventName, LabelIssue, LocalNames, LotDeclaration, LotFacts, LotLine, LotOrigin,
    Offset, OperatorCertificate, OperatorFacts, Packing, Received, Receiver, ShipPurpose, Shipment,
    Timestamp, Transformation, Volume,
};

/// Who certifies under which scheme.
const CERTIFIERS: [(&str, &str); 4] = [
    ("sdoq-ig", "certif-atlas"),
    ("sdoq-ao", "certif-atlas"),
    ("bio-maroc", "certif-vert"),
    ("fairtrade", "certif-juste"),
];

/// So much of a lot.
pub type Line<'a> = (&'a LotKey, u64);

/// The story so far.
pub struct Tale<'a> {
    pub stage: &'a Stage,
    pub today: Day,
    said: Vec<Vec<u8>>,
    events: u32,
    serial: u64,
    accreditations: BTreeMap<&'static str, Word>,
    /// Serials of the operators' certificates, by party and scheme.
    operators: BTreeMap<(&'static str, &'static str), u64>,
}

/// A lot to be declared.
pub struct Born<'a> {
    pub lot: &'a LotKey,
    pub by: &'a str,
    pub material: &'a str,
    pub quantity: u64,
    pub pack: u64,
    pub day: Day,
    /// Whether it comes from the harvest.
    pub harvest: bool,
}

/// Whatever is told, told by a name: none of these can fail but by a mistake in the story.
pub fn must<T>(what: Option<T>) -> Result<T, LedgerError> {
    what.ok_or_else(|| LedgerError::unmet(Unmet::Invalid, "demo", "the story is broken".to_owned()))
}

/// A day so many days later.
pub fn after(day: Day, days: i64) -> Day {
    Day::from_days(day.days() + days)
}

/// The last day up to `latest` that lies with the four days before it in a season.
pub fn harvest(season: Option<(DayOfYear, DayOfYear)>, latest: Day) -> Day {
    let inside = |day: Day| {
        let (_, month, date) = day.ymd();
        let at = u8::try_from(month).ok().zip(u8::try_from(date).ok());
        let at = at.and_then(|(month, date)| DayOfYear::of(month, date));
        season.zip(at).is_none_or(|((from, to), at)| match from <= to {
            true => (from..=to).contains(&at),
            false => at >= from || at <= to,
        })
    };
    let days = (0..366).map(|before| after(latest, -before));
    let mut whole = days.filter(|day| (0..5).all(|before| inside(after(*day, -before))));
    whole.next().unwrap_or(latest)
}

impl<'a> Tale<'a> {
    pub fn new(stage: &'a Stage, today: Day) -> Result<Self, LedgerError> {
        let register = &stage.ledger.view().register;
        let mut accreditations = BTreeMap::new();
        for (_, slug) in CERTIFIERS {
            let party = register.party(&must(PartySlug::parse(slug).ok())?).cloned();
            let given = must(party.as_ref().and_then(|party| party.accreditations.first()))?;
            accreditations.insert(slug, Word::new(&given.id));
        }
        let serial = register.next_serial();
        let (said, operators) = (Vec::new(), BTreeMap::new());
        Ok(Self { stage, today, said, events: 0, serial, accreditations, operators })
    }

    /// Sends in what was told.
    pub fn send(&mut self) -> Result<(), LedgerError> {
        self.stage.submit(std::mem::take(&mut self.said))
    }

    /// The harvest of a material that leaves so many days until today.
    pub fn harvest_of(&self, material: &str, days: i64) -> Result<Day, LedgerError> {
        let season = Catalog::builtin()?.material(material).and_then(|known| known.season);
        Ok(harvest(season, after(self.today, -days)))
    }

    pub fn lot(&mut self, born: &Born<'_>) -> Result<(), LedgerError> {
        let known = must(Catalog::builtin()?.material(born.material))?;
        let member = must(self.stage.members.get(born.by))?;
        let names = [("fr", &known.name_fr), ("ar", &known.name_ar), ("en", &known.name_en)];
        let names: LocalNames = names
            .into_iter()
            .filter(|(_, name)| !name.is_empty())
            .map(|(tag, name)| (tag.to_owned(), name.clone()))
            .collect();
        let origin = if born.harvest { LotOrigin::Primary } else { LotOrigin::Derived };
        let packed = born.pack < 10_000;
        let declaration = LotDeclaration {
            lot: born.lot.clone(),
            name: Word::new(&known.name_fr),
            hs_code: Word::new(&known.hs6),
            packed_on: born.day,
            expires_on: packed.then(|| after(born.day, 730)),
            facts: LotFacts {
                product: Word::new(&known.id),
                region: Word::new(must(member.region.as_deref())?),
                quantity: born.quantity,
                unit: Word::new(known.unit.code()),
                campaign: Word::new(&born.day.ymd().0.to_string()),
                pack_size: born.pack,
                origin: Some(origin),
                names,
                mandate: None,
            },
        };
        let at = born.day.start();
        self.said.push(self.stage.signed(born.by, at, |draft| declaration.draft(draft))?);
        Ok(())
    }

    /// Certificates of the whole of a lot, one a scheme.
    pub fn certify(
        &mut self,
        born: &Born<'_>,
        schemes: &[&str],
        on: Day,
    ) -> Result<(), LedgerError> {
        for scheme in schemes {
            let (_, by) = must(CERTIFIERS.iter().find(|(known, _)| known == scheme))?;
            let claim = self.certificate(born, scheme, by, on)?;
            self.said.push(self.stage.signed(by, claim.valid_from, |draft| claim.draft(draft))?);
        }
        Ok(())
    }

    fn certificate(
        &mut self,
        born: &Born<'_>,
        scheme: &str,
        by: &str,
        on: Day,
    ) -> Result<CertificateClaim, LedgerError> {
        let catalog = Catalog::builtin()?;
        let known = must(catalog.material(born.material))?;
        let client = must(self.stage.members.get(born.by))?;
        let rests_on = *must(self.operators.get(&(born.by, scheme)))?;
        let operator = self.stage.domain.certificate_id(rests_on);
        let serial = self.serial;
        self.serial += 1;
        Ok(CertificateClaim {
            serial,
            client: client.slug.clone(),
            client_name: Word::new(&client.name),
            scheme: Word::new(scheme),
            scheme_name: Word::new(&must(catalog.scheme(scheme))?.name_en),
            lot: born.lot.clone(),
            accreditation: must(self.accreditations.get(by))?.clone(),
            valid_from: on.start(),
            valid_until: after(self.today, 540).end(),
            assessed_on: on,
            facts: CertificateFacts {
                product: Word::new(&known.id),
                hs_code: Word::new(&known.hs6),
                quantity: born.quantity,
                unit: Word::new(known.unit.code()),
                decision_date: on,
                scheme_edition: Word::new("édition fictive 2025"),
                custody_model: CustodyModel::Segregated,
                laboratory_reports: Vec::new(),
                not_covered: Vec::new(),
                supersedes: None,
                operator_certificate: Some(Word::new(&operator)),
            },
        })
    }

    /// Serials on as many labels of a lot as it has jars, by the service.
    pub fn label(&mut self, lot: &LotKey, count: u64) -> Result<(), LedgerError> {
        let authority = PartySlug::authority();
        let name = "Autorité fictive de démonstration";
        let stage = self.stage;
        let issue = LabelIssue {
            lot: lot.clone(),
            count: u32::try_from(count).unwrap_or_default(),
            verification_method: stage.method(&authority, "label-1"),
        };
        let unsigned = issue.draft(&stage.draft(&authority, name, crate::os::now()));
        let method = stage.method(&authority, "service-1");
        self.said.push(stage.sealed(&unsigned, &method, &stage.service)?);
        Ok(())
    }

    /// An event of `who` on a day, `minutes` after six in the morning, Moroccan time.
    pub fn event(
        &mut self,
        who: &str,
        (day, minutes): (Day, i64),
        kind: EventKind,
    ) -> Result<EventId, LedgerError> {
        let at = day.start().plus_seconds(5 * 3_600 + minutes * 60);
        self.event_at(who, at, kind)
    }

    pub fn event_at(
        &mut self,
        who: &str,
        at: Timestamp,
        kind: EventKind,
    ) -> Result<EventId, LedgerError> {
        self.events += 1;
        let name = format!("demonstration {who} {}", self.events);
        let name = EventName::of_hash(&Sha256::digest(name).into());
        let member = must(self.stage.members.get(who))?;
        let region = member.region.clone();
        let offset = must(Offset::of_minutes(60))?;
        let event = Event { name, at, offset, region, document: None, mandate: None, kind };
        self.said.push(self.stage.signed(who, at, |draft| event.draft(draft))?);
        Ok(event.id(&member.slug))
    }

    pub fn make(
        &mut self,
        who: &str,
        day: Day,
        recipe: &str,
        (inputs, outputs): (&[Line<'_>], &[Line<'_>]),
    ) -> Result<(), LedgerError> {
        let (inputs, outputs) = (lines(inputs), lines(outputs));
        let what = Transformation { recipe: recipe.to_owned(), inputs, outputs };
        self.event(who, (day, 240), EventKind::Transform(what)).map(|_| ())
    }

    pub fn ship(
        &mut self,
        who: &str,
        day: Day,
        to: &str,
        (lots, units): (&[Line<'_>], &[UnitKey]),
    ) -> Result<EventId, LedgerError> {
        let what = Shipment {
            to: Receiver::Party(must(PartySlug::parse(to).ok())?),
            purpose: ShipPurpose::Sale,
            lots: lines(lots),
            units: units.to_vec(),
            carrier: None,
            returns: None,
        };
        self.event(who, (day, 300), EventKind::Ship(what))
    }

    /// Answers a shipment: lot, accepted, missing.
    pub fn receive(
        &mut self,
        who: &str,
        day: Day,
        of: &EventId,
        came: &[(&LotKey, u64, u64)],
    ) -> Result<(), LedgerError> {
        let whole = came.iter().all(|(_, _, missing)| *missing == 0);
        let discrepancy = if whole { Discrepancy::None } else { Discrepancy::Short };
        let read = |(lot, accepted, missing): &(&LotKey, u64, u64)| Received {
            lot: (*lot).clone(),
            accepted: *accepted,
            refused: 0,
            missing: *missing,
        };
        let lots = came.iter().map(read).collect();
        let what = Arrival { of: of.clone(), lots, discrepancy };
        self.event(who, (day, 420), EventKind::Receive(what)).map(|_| ())
    }

    pub fn pack(
        &mut self,
        who: &str,
        when: (Day, i64),
        unit: &UnitKey,
        (lots, units): (&[Line<'_>], &[UnitKey]),
    ) -> Result<(), LedgerError> {
        let what = Packing { unit: unit.clone(), lots: lines(lots), units: units.to_vec() };
        self.event(who, when, EventKind::Pack(what)).map(|_| ())
    }

    /// Certificates of operators: whose harvest counts under which scheme, and how much of it.
    pub fn operators(&mut self) -> Result<(), LedgerError> {
        for (party, schemes, materials) in OPERATORS {
            for scheme in schemes {
                let (_, by) = must(CERTIFIERS.iter().find(|(known, _)| known == scheme))?;
                let claim = self.operator(party, scheme, by, materials)?;
                let serial = claim.serial;
                let at = claim.valid_from;
                self.said.push(self.stage.signed(by, at, |draft| claim.draft(draft))?);
                self.operators.insert((party, scheme), serial);
            }
        }
        self.send()
    }

    fn operator(
        &mut self,
        party: &str,
        scheme: &str,
        by: &str,
        materials: &[&str],
    ) -> Result<OperatorCertificate, LedgerError> {
        let member = must(self.stage.members.get(party))?;
        // Ten months ago: before every harvest that is told.
        let on = after(self.today, -300);
        let told = CAPACITIES.iter().filter(|(who, ..)| *who == party);
        let told = told.filter(|(_, material, _)| materials.contains(material));
        let years = (0..2).map(|before| self.today.ymd().0.saturating_sub(before));
        let mut volumes: Vec<Volume> = Vec::new();
        for (_, material, quantity) in told {
            volumes.extend(years.clone().rev().map(|year| Volume {
                material: (*material).to_owned(),
                campaign: year.to_string(),
                quantity: *quantity,
            }));
        }
        let serial = self.serial;
        self.serial += 1;
        Ok(OperatorCertificate {
            serial,
            party: member.slug.clone(),
            party_name: Word::new(&member.name),
            scheme: Word::new(scheme),
            scheme_name: Word::new(&must(Catalog::builtin()?.scheme(scheme))?.name_en),
            accreditation: must(self.accreditations.get(by))?.clone(),
            valid_from: on.start(),
            valid_until: after(self.today, 540).end(),
            assessed_on: on,
            facts: OperatorFacts {
                materials: materials.iter().map(|material| (*material).to_owned()).collect(),
                regions: member.region.clone().into_iter().collect(),
                decision_date: on,
                scheme_edition: Word::new("édition fictive 2025"),
                volumes,
                not_covered: Vec::new(),
            },
        })
    }

    /// What buyers paid to whom.
    pub fn prices(&mut self) -> Result<(), LedgerError> {
        self.send()
    }
}

pub fn lines(lots: &[Line<'_>]) -> Vec<LotLine> {
    let line = |(lot, quantity): &Line<'_>| LotLine { lot: (*lot).clone(), quantity: *quantity };
    lots.iter().map(line).collect()
}

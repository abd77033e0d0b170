//! What verbs share: options, output, keys and tokens, questions before what cannot be undone, the
//! service or data folder that is asked, and a report in words. Not here: the verbs.

pub mod ask;
pub mod cells;
pub mod documents;
pub mod editions;
pub mod goods;
pub mod help;
pub mod holder;
pub mod keys;
pub mod label_rows;
pub mod lookup;
pub mod options;
pub mod output;
pub mod pack_file;
pub mod reasons;
pub mod report;
pub mod requests;
pub mod rules;
pub mod secret;
pub mod selection;
pub mod service;
pub mod settings;
pub mod settings_file;
pub mod signing_session;
pub mod token;
pub mod told;
pub mod verdict;
pub mod words;

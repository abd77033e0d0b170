//! REPLAYING A LOG: fetches tiles and entries from a folder, an address or a data folder and replays all.

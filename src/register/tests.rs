//! Each rule beside the figures refuses an abuse with its code; switched off, it lets it through.
//! Rules that another stands behind as well are named with it. Not here: what honest people need
//! (`tests/it`), the rules of the figures (`trace`).

#[expect(dead_code, reason = "shared with tests/it, which uses all of it")]
#[path = "../../tests/it/edition2/goods.rs"]
mod goods;
#[expect(dead_code, reason = "shared with tests/it, which uses all of it")]
#[path = "../../tests/it/world.rs"]
mod world;

mod events;
mod money;
mod operators;
mod origins;
mod papers;
mod row;
mod table;

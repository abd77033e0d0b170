//! A whole service in this process: what is sent to its doors is answered, and never with a fault
//! of its own. Pictures are left out: their decoder is another's, with limits around it.

use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use tasdiq::ledger::{Founding, Home, found};
use tasdiq::limits::EDITION_MAX;
use tasdiq::os::now;
use tasdiq::statement::Domain;
use tasdiq::web::{App, Settings, router};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

use crate::parsers::{HOST, door_of};

struct Service {
    runtime: Runtime,
    router: Router,
    _folder: tempfile::TempDir,
}

fn service() -> &'static Service {
    static MADE: OnceLock<Service> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::at(&folder.path().join("data"));
        let founding = Founding {
            domain: Domain::parse(HOST).expect("a host"),
            authority_name: "Fictional authority".to_owned(),
            demo: true,
            edition: EDITION_MAX,
            goods: tasdiq::statement::first_goods_rules().unwrap_or_default(),
        };
        let ledger = found(&home, &founding, now()).expect("a ledger");
        let public_url = format!("https://{HOST}");
        let settings = Settings { public_url, ..Settings::default() };
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Service { runtime, router: router(App::new(ledger, settings)), _folder: folder }
    })
}

/// One request.
pub fn door(data: &[u8]) {
    let Some((path, kind, body)) = door_of(data) else { return };
    let picture = |magic: &[u8]| body.windows(magic.len()).any(|window| window == magic);
    if picture(b"\x89PNG") || picture(b"\xff\xd8\xff") {
        return;
    }
    let request = Request::post(path).header("content-type", kind).body(Body::from(body.to_vec()));
    let request = request.expect("a request");
    let Service { runtime, router, .. } = service();
    let answered = runtime.block_on(async {
        let answer = router.clone().oneshot(request).await.expect("an answer");
        let status = answer.status().as_u16();
        let read = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
        (status, read.expect("a body"))
    });
    assert!(answered.0 < 500, "{path} {kind}: {}", String::from_utf8_lossy(&answered.1));
}

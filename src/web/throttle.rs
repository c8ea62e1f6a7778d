//! How many requests somebody may send in a minute.
//!
//! Whoever came with credentials that were found good counts for themselves, with whatever token; everybody else counts
//! for the address they come from. Which credentials belong to whom is remembered after they were checked, so judging a
//! request needs no database, and made-up credentials open no account of their own here.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use domain::principal::Caller;
use domain::vault::digest_of;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::services::Services;
use super::{origin, session};

type Limiter = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// Credentials whose holder is remembered at most.
const REMEMBERED: u64 = 50_000;
/// After so many requests the accounts of those who were quiet are dropped: no more are kept than requests came since,
/// and those that still count.
const SWEPT_EVERY: u64 = 10_000;
const REMEMBERED_FOR: Duration = Duration::from_secs(600);

/// Counts requests.
pub struct Throttle {
    requests: Option<Limit>,
    sign_ins: Option<Limit>,
    holders: moka::sync::Cache<Vec<u8>, Arc<str>>,
}

struct Limit {
    per_minute: NonZeroU32,
    limiter: Limiter,
    judged: AtomicU64,
}

/// What is left, for the answer's headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Requests in a minute.
    pub limit: u32,
    /// Requests that would be answered now.
    pub remaining: u32,
    /// Until all would be again.
    pub reset: Duration,
}

/// Whether a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Welcome(Left),
    /// It is not; one of the same sender will be after this time.
    TooMany(Left, Duration),
    /// Nobody counts.
    Unlimited,
}

impl Throttle {
    /// With so many requests to the API and sign-ins in a minute.
    pub fn new(requests: Option<NonZeroU32>, sign_ins: Option<NonZeroU32>) -> Throttle {
        Throttle {
            requests: requests.map(Limit::new),
            sign_ins: sign_ins.map(Limit::new),
            holders: moka::sync::Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build(),
        }
    }

    /// A request to the API.
    pub fn request(&self, request: &HttpRequest, services: &Services) -> Verdict {
        let Some(limit) = &self.requests else { return Verdict::Unlimited };
        let holder = presented(request, services).and_then(|credentials| self.holders.get(&credentials));
        limit.judge(holder.map_or_else(|| address(request, services), |holder| holder.to_string()))
    }

    /// A sign-in with a password.
    pub fn sign_in(&self, request: &HttpRequest, services: &Services) -> Verdict {
        let Some(limit) = &self.sign_ins else { return Verdict::Unlimited };
        limit.judge(address(request, services))
    }

    /// Remembers whose credentials the request came with, now that they were checked.
    pub fn remember(&self, request: &HttpRequest, services: &Services, caller: &Caller) {
        if self.requests.is_none() || caller.principal.kind_and_id().1.is_none() {
            return;
        }
        if let Some(credentials) = presented(request, services) {
            self.holders.insert(credentials, caller.principal.handle().into());
        }
    }
}

impl Limit {
    fn new(per_minute: NonZeroU32) -> Limit {
        let (quota, accounts) = (Quota::per_minute(per_minute), DashMapStateStore::default());
        Limit { per_minute, limiter: Limiter::new(quota, accounts, DefaultClock::default()), judged: AtomicU64::new(0) }
    }

    fn judge(&self, key: String) -> Verdict {
        // An account that is full again is as good as none. Looked for now and then, since it means looking at all.
        if self.judged.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEPT_EVERY) {
            self.limiter.retain_recent();
        }
        let limit = self.per_minute.get();
        match self.limiter.check_key(&key) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let reset = Duration::from_secs(60) * (limit - remaining.min(limit)) / limit;
                Verdict::Welcome(Left { limit, remaining, reset })
            }
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                Verdict::TooMany(Left { limit, remaining: 0, reset: Duration::from_secs(60) }, wait)
            }
        }
    }
}

/// What stands for the credentials of a request; none without any.
fn presented(request: &HttpRequest, services: &Services) -> Option<Vec<u8>> {
    match request.headers().get(AUTHORIZATION) {
        Some(value) => value.to_str().ok().map(digest_of),
        None => session::secret(request, services).map(|secret| digest_of(&secret)),
    }
}

/// Of IPv6 the network: whoever has one address has all of it.
fn address(request: &HttpRequest, services: &Services) -> String {
    match origin::client_ip(request, &services.settings.server.trusted_proxies) {
        Some(std::net::IpAddr::V6(ip)) => format!("{:?}", &ip.segments()[..4]),
        Some(ip) => ip.to_string(),
        None => "unknown".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(per_minute: u32) -> Limit {
        Limit::new(NonZeroU32::new(per_minute).unwrap())
    }

    #[test]
    fn everybody_has_their_own_minute() {
        let limit = limit(2);

        let first = limit.judge("user:1".into());
        limit.judge("user:1".into());
        let third = limit.judge("user:1".into());

        assert!(matches!(first, Verdict::Welcome(Left { limit: 2, remaining: 1, .. })), "{first:?}");
        let Verdict::TooMany(_, wait) = third else { panic!("{third:?}") };
        assert!(wait <= Duration::from_secs(30), "{wait:?}");
        assert!(matches!(limit.judge("user:2".into()), Verdict::Welcome(_)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limit = limit(60_000_000);
        for sender in 0..3 * SWEPT_EVERY {
            limit.judge(format!("user:{sender}"));
        }
        assert!(limit.limiter.len() as u64 <= 2 * SWEPT_EVERY, "{}", limit.limiter.len());
    }
}

//! The registry door, a file for each noun.

mod anonymous;
mod base;
mod blobs;
mod catalog;
mod create_on_push;
mod immediacy;
mod jwt;
mod manifests;
mod mount;
mod paths;
mod referrers;
mod search;
mod tags;
mod token;
mod uploads;

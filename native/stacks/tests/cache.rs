//! The cache keeps what was used last, within its bytes, and opens nothing twice at once (contract row 80).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use stacks::Cache;

const KIB: usize = 1024;

#[test]
fn the_least_recently_used_goes_first() {
    let cache: Cache<&str, u32> = Cache::new(3 * KIB);
    let opened = AtomicUsize::new(0);
    let get = |key: &'static str| {
        cache.get_or_open(&key, || {
            opened.fetch_add(1, Ordering::Relaxed);
            (key.len() as u32, KIB)
        })
    };
    for key in ["a", "b", "c", "a", "d"] {
        assert_eq!(get(key), 1);
    }
    assert_eq!(opened.load(Ordering::Relaxed), 4);
    get("a");
    assert_eq!(opened.load(Ordering::Relaxed), 4);
    get("b");
    assert_eq!(opened.load(Ordering::Relaxed), 5);
    let usage = cache.usage();
    assert_eq!((usage.entries, usage.bytes, usage.hits, usage.misses), (3, 3 * KIB, 2, 5));
}

#[test]
fn what_is_larger_than_the_cache_is_given_and_not_kept() {
    let cache: Cache<u8, u8> = Cache::new(KIB);
    assert_eq!(cache.get_or_open(&1, || (7, 2 * KIB)), 7);
    assert_eq!((cache.usage().entries, cache.usage().bytes), (0, 0));
}

#[test]
fn what_is_forgotten_is_opened_anew() {
    let cache: Cache<u8, u8> = Cache::new(KIB);
    cache.get_or_open(&1, || (7, 10));
    cache.remove(&1);
    assert_eq!(cache.get_or_open(&1, || (8, 10)), 8);
}

#[test]
fn threads_that_ask_for_the_same_open_it_once() {
    const THREADS: usize = 8;
    let cache: Arc<Cache<u8, usize>> = Arc::new(Cache::new(KIB));
    let opened = Arc::new(AtomicUsize::new(0));
    let together = Arc::new(Barrier::new(THREADS));
    let threads = (0..THREADS).map(|_| {
        let (cache, opened, together) = (Arc::clone(&cache), Arc::clone(&opened), Arc::clone(&together));
        std::thread::spawn(move || {
            together.wait();
            cache.get_or_open(&1, || (opened.fetch_add(1, Ordering::SeqCst), 10))
        })
    });
    let threads: Vec<_> = threads.collect();
    let values: Vec<usize> = threads.into_iter().map(|thread| thread.join().expect("it ends")).collect();
    assert_eq!(values, [0; THREADS]);
    assert_eq!(opened.load(Ordering::SeqCst), 1);
}

//! Tokens: minting, verifying, decoding and auditing.

fn main() {}

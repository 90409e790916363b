//! What an RSA key has to be before it is trusted.

use super::error::KeyError;

/// Checks size and exponent, and looks for the ROCA flaw. Both numbers are big-endian without leading zeros.
pub(super) fn check(n: &[u8], e: &[u8]) -> Result<(), KeyError> {
    let bits = bits(n);
    if !(2048..=8192).contains(&bits) {
        return Err(KeyError::RsaSize(bits));
    }
    let odd = e.last().is_some_and(|last| last % 2 == 1);
    if !odd || e == [1] || e.len() > 4 {
        return Err(KeyError::RsaExponent);
    }
    if is_roca(n) { Err(KeyError::Roca) } else { Ok(()) }
}

/// The length of a big-endian number in bits.
pub(super) fn bits(number: &[u8]) -> usize {
    let Some(first) = number.first() else { return 0 };
    number.len() * 8 - first.leading_zeros() as usize
}

/// The primes by which the flaw shows: a flawed modulus is a power of 65537 modulo each of them, which happens to
/// another one once in 2^27 (Nemec et al., "The Return of Coppersmith's Attack", 2017).
const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

fn is_roca(n: &[u8]) -> bool {
    PRIMES.iter().all(|prime| {
        let rest = n.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (0..*prime).any(|_| {
            power = power * 65_537 % prime;
            power == rest
        })
    })
}

//! The cryptography behind JSON Web Tokens: `ring`, which is in the program anyway.
//!
//! The JWT library's own choices would bring an RSA implementation with a known timing weakness. What this registry signs
//! is signed with Ed25519. Other algorithms are there to check what identity providers signed; secrets shared with them
//! (HMAC) are not.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error as JwtError, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::signature::{
    self as rings, Ed25519KeyPair, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use signature::{Error as SignatureError, Signer, Verifier};

/// Gives `jsonwebtoken` its cryptography; more than once does no harm.
pub(crate) fn install() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| {
            if *algorithm != Algorithm::EdDSA {
                return Err(ErrorKind::InvalidAlgorithm.into());
            }
            let pair = Ed25519KeyPair::from_seed_unchecked(key.as_bytes())
                .map_err(|_| JwtError::from(ErrorKind::InvalidEddsaKey))?;
            Ok(Box::new(Ed25519Signer(pair)))
        },
        verifier_factory: |algorithm, key| {
            Ok(Box::new(RingVerifier { algorithm: *algorithm, key: public(*algorithm, key)? }))
        },
        key_utils: KeyUtils::new_unimplemented(),
    };
    // The first one stays; it is the same one.
    let _ = PROVIDER.install_default();
}

struct Ed25519Signer(Ed25519KeyPair);

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

enum Public {
    Raw(UnparsedPublicKey<Vec<u8>>),
    Rsa(RsaPublicKeyComponents<Vec<u8>>, &'static RsaParameters),
}

struct RingVerifier {
    algorithm: Algorithm,
    key: Public,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        match &self.key {
            Public::Raw(key) => key.verify(message, signature),
            Public::Rsa(key, parameters) => key.verify(parameters, message, signature),
        }
        .map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn public(algorithm: Algorithm, key: &DecodingKey) -> Result<Public, JwtError> {
    let raw = |how: &'static dyn VerificationAlgorithm| {
        Ok(Public::Raw(UnparsedPublicKey::new(how, key.try_get_as_bytes()?.to_vec())))
    };
    let rsa = |how: &'static RsaParameters| match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => {
            Ok(Public::Rsa(RsaPublicKeyComponents { n: n.clone(), e: e.clone() }, how))
        }
        DecodingKeyKind::SecretOrDer(_) => Err(ErrorKind::InvalidKeyFormat.into()),
    };
    match algorithm {
        Algorithm::EdDSA => raw(&rings::ED25519),
        Algorithm::ES256 => raw(&rings::ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => raw(&rings::ECDSA_P384_SHA384_FIXED),
        Algorithm::RS256 => rsa(&rings::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => rsa(&rings::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => rsa(&rings::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => rsa(&rings::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => rsa(&rings::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => rsa(&rings::RSA_PSS_2048_8192_SHA512),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::Validation;
    use serde_json::Value;

    use super::*;

    // Made with OpenSSL; the private key was thrown away.
    const MODULUS: [&str; 4] = [
        "kA5j_jVAh8YQouumdilc3kauttWy1Hr-wY1OPrsubLok5U8eU0BqgidBx6WIPsl260arLpNef0UikPIa87ggGwdxW9kdL5gO",
        "UnMWYbEOITJSn_gZrI_1Bc96ffGB23tvu-blZ463ghLJNtBwvrGajb7FqBzhdhGeH8C6n40mf-BeoAWR31hLeR_fdHKMIq5Y",
        "lHEl3PsWw-W35PcFc4uI_4MNZJ59w_MdWdsoN6mfamXQ949OZvFL15WGT16HR2caBiHUifl5BO0fsCqll_DfS36UU4c02q5_",
        "vJb2naG6s82rqCwEY1JSwYpsjqHjwzXbqFprQOSrRQptd4St3w0eHw",
    ];
    const RS256: [&str; 5] = [
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJyZXBvOmFjbWUifQ.M24I_CrBZTwQHkdurgNOCuSB2N61lguC",
        "SZFxcrW80HyuAQVrO23JqD4wTnxMp4rOm8iS2mKMtBVWvxdl23E4YpHQINaC19ZZKbNuw-L1s-zEO9LhY4WflFMYN_VWXa09",
        "vUzkhzoPt2tzBjCZn8wZPpFyLUlyxPAZYWRutbpqjz-sZfemehoIlwy3-TFARTXatpWBej7R4hBY4wCpmMj3GPK7QxFXFMC1",
        "U1KjFuH2WmB_Msu7ElhcaViLeXbg9FsyF7MWgS5kYnP_gGVjOg31tBXyRIVfsKfco9ACT0UMAWqvW9thMol7L-CEcD1hfnr0",
        "1bCwEDurPAecNR7z0oHQmA",
    ];
    const PS256: [&str; 5] = [
        "eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJyZXBvOmFjbWUifQ.Ud0BFxKbKnTJA_n7PTopjd89Z5FDwD3U",
        "6lB3Q9QyFrHo6sG7a7sVzntzbpsb0xuJ10PVD7TniS_mSY7kX_dxMXiN9OvUv-hre6ksctBY9wPh2XxF0PrhBYhoQY-ezsQ4",
        "D--y5FSY6Ag6EYiZIOq5uyUkgF5jIgERztfJPkRtqRukRq_WkHW0a5CDerswzqFf64-lW00ltMFHCgGQGsFx6CO6HFays6CE",
        "LDAAjWgPhclTfULX7clO4S9-xalsMjuS8JEOtnkQvyFQHHzyGX4o0JyG8zpdV6FRZPFZPxm-RrMwz4fBftp0hJmhwbMJdurh",
        "nubKybpu7zaREN98NAhW6Q",
    ];

    fn read(token: &str, algorithm: Algorithm) -> Result<Value, JwtError> {
        install();
        let key = DecodingKey::from_rsa_components(&MODULUS.concat(), "AQAB").unwrap();
        let mut rules = Validation::new(algorithm);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        jsonwebtoken::decode(token, &key, &rules).map(|data| data.claims)
    }

    #[test]
    fn what_an_rsa_key_signed_is_recognized() {
        for (token, algorithm) in [(RS256.concat(), Algorithm::RS256), (PS256.concat(), Algorithm::PS256)] {
            assert_eq!(read(&token, algorithm).unwrap()["sub"], "repo:acme");
        }
    }

    #[test]
    fn what_was_changed_or_signed_otherwise_is_not() {
        let (head, signature) = RS256.concat().rsplit_once('.').map(|(l, r)| (l.to_string(), r.to_string())).unwrap();
        assert!(read(&format!("{head}.A{}", &signature[1..]), Algorithm::RS256).is_err());
        assert!(read(&format!("{head}."), Algorithm::RS256).is_err());
        assert!(read(&RS256.concat(), Algorithm::PS256).is_err());
        assert!(read(&PS256.concat(), Algorithm::RS256).is_err());
    }

    #[test]
    fn a_shared_secret_is_no_key() {
        install();
        let key = DecodingKey::from_secret(b"secret");
        assert!(public(Algorithm::HS256, &key).is_err());
        assert!(public(Algorithm::RS256, &key).is_err());
    }
}

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

package dev.heddle.json;

import dev.heddle.Heddle;
import dev.heddle.http.auth.JwtAlgorithm;
import dev.heddle.http.auth.JwtKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Who signs tokens in tests: another program's half, written out by itself. */
record JwtSigner(JwtAlgorithm algorithm, Key signing, JwtKey checking, Map<String, String> published) {

    static final String ISSUER = "https://issuer.test";
    static final String AUDIENCE = "shop";

    /** One for all tests: the JDK looks for a second to find two primes. */
    static final KeyPair RSA = pair("RSA", 2_048);

    static JwtSigner of(JwtAlgorithm algorithm, String id) {
        KeyPair pair = switch (algorithm) {
            case HS256 -> null;
            case RS256, PS256 -> RSA;
            case ES256 -> curve("secp256r1");
            case EDDSA -> pair("Ed25519", 255);
        };
        if (pair == null) {
            byte[] secret = "a secret of a test, 32 bytes long".getBytes(StandardCharsets.US_ASCII);
            return new JwtSigner(algorithm, new SecretKeySpec(secret, "HmacSHA256"),
                    JwtKey.secret(secret).withId(id), Map.of());
        }
        return new JwtSigner(algorithm, pair.getPrivate(), JwtKey.of(algorithm, pair.getPublic()).withId(id),
                published(algorithm, pair.getPublic(), id));
    }

    static KeyPair pair(String name, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(name);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair curve(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(name));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a provider publishes it. */
    private static Map<String, String> published(JwtAlgorithm algorithm, PublicKey key, String id) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("kid", id);
        fields.put("use", "sig");
        fields.put("alg", algorithm.toString());
        switch (key) {
            case RSAPublicKey rsa -> {
                fields.put("kty", "RSA");
                fields.put("n", encoded(unsigned(rsa.getModulus(), 256)));
                fields.put("e", encoded(unsigned(rsa.getPublicExponent(), 3)));
            }
            case ECPublicKey ec -> {
                fields.put("kty", "EC");
                fields.put("crv", "P-256");
                fields.put("x", encoded(unsigned(ec.getW().getAffineX(), 32)));
                fields.put("y", encoded(unsigned(ec.getW().getAffineY(), 32)));
            }
            case EdECPublicKey ed -> {
                byte[] whole = ed.getEncoded(); // a head of DER, and the 32 bytes
                fields.put("kty", "OKP");
                fields.put("crv", "Ed25519");
                fields.put("x", encoded(Arrays.copyOfRange(whole, whole.length - 32, whole.length)));
            }
            default -> throw new IllegalArgumentException(key.getAlgorithm());
        }
        return fields;
    }

    static byte[] unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[length];
        int count = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - count, padded, length - count, count);
        return padded;
    }

    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String encoded(String text) {
        return encoded(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Claims that are good for five minutes. */
    static Map<String, Object> claims(String subject) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("sub", subject);
        claims.put("exp", inSeconds(300));
        return claims;
    }

    static long inSeconds(long seconds) {
        return Heddle.currentLoop().engine().now().plus(Duration.ofSeconds(seconds)).getEpochSecond();
    }

    /** A token of a header and claims as they are. */
    String sign(String header, String claims) {
        String signed = encoded(header) + "." + encoded(claims);
        return signed + "." + encoded(signature(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    String sign(Map<String, Object> claims) {
        return sign("{\"alg\":\"" + algorithm + "\"" + (checking.id().isEmpty()
                ? "}"
                : ",\"kid\":\"" + checking.id() + "\"}"), json(claims));
    }

    String good(String subject) {
        return sign(claims(subject));
    }

    static String json(Object value) {
        return new String(new JacksonCodec().write(value), StandardCharsets.UTF_8);
    }

    private byte[] signature(byte[] signed) {
        try {
            if (algorithm == JwtAlgorithm.HS256) {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(signing);
                return mac.doFinal(signed);
            }
            Signature signature = Signature.getInstance(switch (algorithm) {
                case HS256 -> throw new IllegalStateException();
                case RS256 -> "SHA256withRSA";
                case PS256 -> "RSASSA-PSS";
                case ES256 -> "SHA256withECDSAinP1363Format";
                case EDDSA -> "Ed25519";
            });
            if (algorithm == JwtAlgorithm.PS256) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign((PrivateKey) signing);
            signature.update(signed);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

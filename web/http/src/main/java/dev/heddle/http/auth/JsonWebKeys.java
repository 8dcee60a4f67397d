package dev.heddle.http.auth;

import dev.heddle.BrokenException;
import dev.heddle.http.JsonException;
import dev.heddle.http.internal.codec.JsonCodecs;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reader of a set of JSON Web Keys (RFC 7517; RFC 7518, section 6; RFC 8037, section 2). Keys of other kinds and for
 * other uses are skipped, as section 5 has it, and so are malformed and weak ones; secrets, which have no place in what
 * anybody may read, too. A key of RSA that names no algorithm is for RS256.
 */
final class JsonWebKeys {

    /** More is no set of keys. */
    static final int MAX_KEYS = 100;

    private static final int MAX_RSA_BYTES = 1_025;
    private static final int COORDINATE_BYTES = 32;

    private JsonWebKeys() {}

    /** @throws BrokenException if the document is no set of keys */
    static List<JwtKey> parse(byte[] document) {
        Object all = object(document).get("keys");
        if (!(all instanceof List<?> list) || list.size() > MAX_KEYS) {
            throw new BrokenException("the document is no set of at most " + MAX_KEYS + " keys");
        }
        var keys = new ArrayList<JwtKey>();
        for (Object each : list) {
            if (each instanceof Map<?, ?> fields) {
                JwtKey key = key(fields);
                if (key != null) {
                    keys.add(key);
                }
            }
        }
        return List.copyOf(keys);
    }

    static Map<?, ?> object(byte[] document) {
        try {
            return JsonCodecs.read(null, document, Map.class);
        } catch (JsonException e) {
            throw new BrokenException("the document is no JSON object", e);
        }
    }

    private static @Nullable JwtKey key(Map<?, ?> fields) {
        if (!isForSignatures(fields)) {
            return null;
        }
        String kind = text(fields, "kty");
        String curve = text(fields, "crv");
        try {
            if (kind.equals("RSA")) {
                return named(fields, text(fields, "alg").equals("PS256") ? JwtAlgorithm.PS256 : JwtAlgorithm.RS256,
                        rsa(fields));
            } else if (kind.equals("EC") && curve.equals("P-256")) {
                return named(fields, JwtAlgorithm.ES256, ec(fields));
            } else if (kind.equals("OKP") && curve.equals("Ed25519")) {
                return named(fields, JwtAlgorithm.EDDSA, ed25519(fields));
            }
        } catch (IllegalArgumentException | GeneralSecurityException malformed) {
            return null;
        }
        return null;
    }

    private static boolean isForSignatures(Map<?, ?> fields) {
        Object use = fields.get("use");
        Object operations = fields.get("key_ops");
        return (use == null || use.equals("sig"))
                && (operations == null || (operations instanceof List<?> list && list.contains("verify")));
    }

    private static @Nullable JwtKey named(Map<?, ?> fields, JwtAlgorithm algorithm, PublicKey key) {
        Object said = fields.get("alg");
        if (said != null && !algorithm.isNamed(said)) {
            return null;
        }
        return JwtKey.of(algorithm, key).withId(text(fields, "kid"));
    }

    private static PublicKey rsa(Map<?, ?> fields) throws GeneralSecurityException {
        byte[] modulus = bytes(fields, "n");
        byte[] exponent = bytes(fields, "e");
        if (modulus.length > MAX_RSA_BYTES || exponent.length > COORDINATE_BYTES) {
            throw new IllegalArgumentException("too long");
        }
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(new BigInteger(1, modulus), new BigInteger(1, exponent)));
    }

    private static PublicKey ec(Map<?, ?> fields) throws GeneralSecurityException {
        byte[] x = bytes(fields, "x");
        byte[] y = bytes(fields, "y");
        if (x.length != COORDINATE_BYTES || y.length != COORDINATE_BYTES) {
            throw new IllegalArgumentException("no point of P-256");
        }
        var point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
        ECParameterSpec curve = JwtKey.p256();
        if (!isOn(point, curve)) {
            throw new IllegalArgumentException("not on the curve");
        }
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
    }

    /** y² = x³ + ax + b, of coordinates of the field; the order is prime, so there is no smaller group to be in. */
    private static boolean isOn(ECPoint point, ECParameterSpec curve) {
        BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right = x.pow(3).add(curve.getCurve().getA().multiply(x)).add(curve.getCurve().getB());
        return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.pow(2).subtract(right).mod(p).signum() == 0;
    }

    /** Little-endian, with the sign of x in the last bit (RFC 8032, section 5.1.2). */
    private static PublicKey ed25519(Map<?, ?> fields) throws GeneralSecurityException {
        byte[] encoded = bytes(fields, "x");
        if (encoded.length != COORDINATE_BYTES) {
            throw new IllegalArgumentException("no point of Ed25519");
        }
        byte[] y = new byte[COORDINATE_BYTES];
        for (int i = 0; i < y.length; i++) {
            y[i] = encoded[y.length - 1 - i];
        }
        boolean odd = y[0] < 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519").generatePublic(
                new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, y))));
    }

    private static byte[] bytes(Map<?, ?> fields, String name) {
        return Base64.getUrlDecoder().decode(text(fields, name));
    }

    private static String text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }
}

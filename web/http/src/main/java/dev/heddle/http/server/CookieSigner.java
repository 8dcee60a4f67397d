package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.http.Cookie;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signer of cookies that a browser can read but neither change nor make up: a text with the time and an HMAC-SHA256
 * (RFC 2104).
 *
 * <pre>{@code
 * var signer = CookieSigner.of(key).withMaxAge(Duration.ofDays(7));
 * response.withCookie(signer.sign("user", "42"));
 * Optional<String> user = signer.read(request, "user");
 * }</pre>
 *
 * <p>The name is part of what is signed, so the value of one cookie is none for another. A signature says that the text
 * came from here and when, not that it is still true: whoever must be able to withdraw it keeps it in a {@link
 * SessionStore}. Nothing is encrypted.
 *
 * <p>To change keys, put the new one first and the old ones behind it until their cookies have aged.
 *
 * <p>Immutable; threads: tasks of any loop, whose clock is used. To test code with it, run it in simulated time.
 */
public final class CookieSigner {

    /** RFC 2104, section 3: a key shorter than the output makes the signature weaker. */
    private static final int MIN_KEY_BYTES = 32;

    /** How far the clocks of the servers that share a key may be apart. */
    private static final long MAX_SKEW_SECONDS = 300;

    /** Ties the signature to this format: the same key in another protocol gives nothing that is valid here. */
    private static final byte[] CONTEXT = "heddle signed cookie 1\0".getBytes(StandardCharsets.US_ASCII);

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final List<SecretKeySpec> keys;
    private final Duration maxAge;

    private CookieSigner(List<SecretKeySpec> keys, Duration maxAge) {
        this.keys = keys;
        this.maxAge = maxAge;
    }

    /**
     * A signer whose cookies are good for 30 days.
     *
     * @param key at least 32 random bytes that only servers know; copied
     * @param olderKeys whose signatures are still good, though none is made with them
     */
    public static CookieSigner of(byte[] key, byte[]... olderKeys) {
        var keys = new ArrayList<SecretKeySpec>();
        keys.add(checked(key));
        for (byte[] older : olderKeys) {
            keys.add(checked(older));
        }
        return new CookieSigner(List.copyOf(keys), Duration.ofDays(30));
    }

    private static SecretKeySpec checked(byte[] key) {
        if (key.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key has " + key.length + " bytes, must have at least " + MIN_KEY_BYTES);
        }
        return new SecretKeySpec(key, "HmacSHA256");
    }

    /** With another age up to which a cookie is good, whatever the browser says; whole seconds. */
    public CookieSigner withMaxAge(Duration maxAge) {
        if (maxAge.toSeconds() < 1) {
            throw new IllegalArgumentException("maxAge is " + maxAge + ", must be at least a second");
        }
        return new CookieSigner(keys, maxAge);
    }

    /**
     * A cookie with this text, any text, and the signer's age; its other attributes are the defaults.
     *
     * @throws IllegalArgumentException if it gets longer than browsers keep: about 3,000 bytes of text
     */
    public Cookie sign(String name, String text) {
        return Cookie.of(name, signed(name, text)).withMaxAge(maxAge);
    }

    /** The value of a cookie with this text. */
    String signed(String name, String text) {
        String signed = ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "." + nowSeconds();
        return signed + "." + ENCODER.encodeToString(mac(keys.getFirst(), name, signed));
    }

    /** The text of a cookie of the request; empty if there is none, or it is not good. */
    public Optional<String> read(Request request, String name) {
        return request.cookie(name).flatMap(value -> verify(name, value));
    }

    /** The text in a signed value; empty if it was not signed for this name with one of the keys, or is too old. */
    public Optional<String> verify(String name, String value) {
        int last = value.lastIndexOf('.');
        int middle = value.lastIndexOf('.', last - 1);
        if (middle < 0) {
            return Optional.empty();
        }
        try {
            byte[] given = DECODER.decode(value.substring(last + 1));
            String signed = value.substring(0, last);
            boolean good = false;
            for (SecretKeySpec key : keys) {
                good |= MessageDigest.isEqual(mac(key, name, signed), given);
            }
            // Nothing that is not signed is looked into.
            if (!good || !isFresh(Long.parseLong(value, middle + 1, last, 10))) {
                return Optional.empty();
            }
            return Optional.of(new String(DECODER.decode(value.substring(0, middle)), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private boolean isFresh(long madeSeconds) {
        long age = nowSeconds() - madeSeconds;
        return age <= maxAge.toSeconds() && age >= -MAX_SKEW_SECONDS;
    }

    /** The wall clock of the loop, which a simulation makes up. */
    static long nowSeconds() {
        return Heddle.currentLoop().engine().now().getEpochSecond();
    }

    private static byte[] mac(SecretKeySpec key, String name, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(CONTEXT);
            // Names of cookies are tokens, so the first equals sign ends one.
            mac.update((name + "=" + signed).getBytes(StandardCharsets.UTF_8));
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "CookieSigner[" + keys.size() + " keys, " + maxAge + "]";
    }
}

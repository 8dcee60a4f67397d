package dev.heddle.http.auth;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.http.JsonCodec;
import dev.heddle.http.JsonException;
import dev.heddle.http.internal.codec.JsonCodecs;
import dev.heddle.internal.Checks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The check of signed tokens: JSON Web Tokens in their compact form (RFC 7515, section 7.1; RFC 7519), by the advice of
 * RFC 8725.
 *
 * <pre>{@code
 * var verifier = JwtVerifier.of(keys, "https://issuer.example", "my-service");
 * Jwt jwt = verifier.verify(token);
 * }</pre>
 *
 * <p>A token is good if a key of the algorithm that it names has signed it, it is from the issuer and for the audience,
 * it says when it ends ({@code exp}) and has not ended, and has begun ({@code nbf}, {@code iat}); clocks may differ by a
 * minute. The algorithm belongs to the key: {@code none} is no algorithm here, and a token cannot have a public key used
 * as a secret. Keys that a token brings along or points to ({@code jwk}, {@code jku}, {@code x5u}) are not looked at, and
 * one that demands an extension ({@code crit}) is refused. Base64 and JSON have one form: no padding, no stray bits, no
 * name twice. A token is of at most {@value #MAX_TOKEN} characters, and at most {@value #MAX_TRIES} keys are tried.
 *
 * <p>It needs a {@link JsonCodec}; put {@code heddle-json} on the path. Encrypted tokens are not read.
 *
 * <p>Threads: any, in a task of a loop, whose clock it goes by. Cancellation: as the keys'. To test with it, sign a token
 * with a key of the test, in simulated time.
 */
public final class JwtVerifier {

    /** Longest token in characters. */
    public static final int MAX_TOKEN = 8_192;

    /** Most keys that are tried for one token. */
    public static final int MAX_TRIES = 8;

    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final Duration MAX_SKEW = Duration.ofMinutes(10);

    /** Beyond this, in seconds, an instant has no year of four digits, and arithmetic would lose. */
    private static final double MAX_SECONDS = 253_402_300_800.0;

    private final JwtKeys keys;
    private final String issuer;
    private final String audience;
    private final Duration skew;
    private final String type;

    private JwtVerifier(JwtKeys keys, String issuer, String audience, Duration skew, String type) {
        this.keys = keys;
        this.issuer = issuer;
        this.audience = audience;
        this.skew = skew;
        this.type = type;
    }

    /**
     * A check.
     *
     * @param issuer what {@code iss} must be, letter by letter
     * @param audience what {@code aud} must be or have among others: this service
     */
    public static JwtVerifier of(JwtKeys keys, String issuer, String audience) {
        if (issuer.isEmpty() || audience.isEmpty()) {
            throw new IllegalArgumentException("without an issuer and an audience a token for others would be good");
        }
        return new JwtVerifier(Objects.requireNonNull(keys), issuer, audience, SKEW, "");
    }

    /**
     * The same where clocks may differ by something else.
     *
     * @param other zero to ten minutes
     */
    public JwtVerifier withSkew(Duration other) {
        Checks.notNegative("skew", other);
        Checks.atMost("skew", other, MAX_SKEW);
        return new JwtVerifier(keys, issuer, audience, other, type);
    }

    /**
     * The same for tokens of one type only: so that an identity is not taken for a permission where one issuer gives both
     * (RFC 8725, section 3.11).
     *
     * @param other what {@code typ} must be, such as {@code at+jwt} (RFC 9068); without regard to case, and to
     *     {@code application/} before it
     */
    public JwtVerifier withType(String other) {
        return new JwtVerifier(keys, issuer, audience, skew, plain(other));
    }

    /**
     * Checks a token.
     *
     * @param token from a peer
     * @throws JwtException if it is not good
     * @throws BrokenException if the keys cannot be had now
     */
    public Jwt verify(String token) {
        if (token.length() > MAX_TOKEN) {
            throw new JwtException("the token is longer than " + MAX_TOKEN + " characters");
        }
        String[] parts = token.split("\\.", 4);
        if (parts.length != 3) {
            throw new JwtException("the token does not have three parts");
        }
        Map<?, ?> header = object(parts[0]);
        byte[] signature = decoded(parts[2]);
        checkSignature(header, token.substring(0, parts[0].length() + 1 + parts[1].length()), signature);
        return checked(object(parts[1]));
    }

    private void checkSignature(Map<?, ?> header, String signed, byte[] signature) {
        JwtAlgorithm algorithm = header.get("alg") instanceof String name ? JwtAlgorithm.of(name) : null;
        if (algorithm == null) {
            throw new JwtException("the token's algorithm is none that counts");
        }
        if (header.containsKey("crit")) {
            throw new JwtException("the token demands an extension");
        }
        if (!type.isEmpty() && !(header.get("typ") instanceof String given && plain(given).equals(type))) {
            throw new JwtException("the token is of another type");
        }
        Object named = header.get("kid");
        if (named != null && !(named instanceof String)) {
            throw new JwtException("the name of the token's key is no text");
        }
        String id = named == null ? "" : (String) named;
        byte[] bytes = signed.getBytes(StandardCharsets.US_ASCII);
        int tries = 0;
        for (JwtKey key : keys.find(algorithm, id)) {
            if (key.mayBe(algorithm, id) && tries++ < MAX_TRIES && key.verifies(bytes, signature)) {
                return;
            }
        }
        throw new JwtException("the token is signed by no key that counts");
    }

    private Jwt checked(Map<?, ?> claims) {
        if (!issuer.equals(claims.get("iss"))) {
            throw new JwtException("the token is from another issuer");
        }
        Object to = claims.get("aud");
        if (!audience.equals(to) && !(to instanceof List<?> many && many.contains(audience))) {
            throw new JwtException("the token is for another audience");
        }
        Instant now = Heddle.currentLoop().engine().now();
        Instant end = time(claims, "exp");
        if (end == null) {
            throw new JwtException("the token has no end");
        }
        if (!now.isBefore(end.plus(skew))) {
            throw new JwtException("the token has ended");
        }
        for (String claim : List.of("nbf", "iat")) {
            Instant begin = time(claims, claim);
            if (begin != null && now.isBefore(begin.minus(skew))) {
                throw new JwtException("the token has not begun");
            }
        }
        Object subject = claims.get("sub");
        if (subject != null && !(subject instanceof String)) {
            throw new JwtException("the token's subject is no text");
        }
        var known = new HashMap<String, Object>();
        claims.forEach((name, value) -> {
            if (value != null) {
                known.put((String) name, value);
            }
        });
        return new Jwt(subject == null ? "" : (String) subject, known);
    }

    /** Seconds since 1970, with a fraction if they like (RFC 7519, section 2). */
    private static @Nullable Instant time(Map<?, ?> claims, String name) {
        if (!claims.containsKey(name)) {
            return null;
        }
        double seconds = claims.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        if (!(seconds >= 0 && seconds < MAX_SECONDS)) {
            throw new JwtException("a time of the token is none: " + name);
        }
        return Instant.ofEpochMilli((long) (seconds * 1_000));
    }

    private static Map<?, ?> object(String part) {
        try {
            return JsonCodecs.read(null, decoded(part), Map.class);
        } catch (JsonException e) { // whose words may quote the token
            throw new JwtException("a part of the token is no JSON object");
        }
    }

    /** Without padding, and in the one form that the bytes have. */
    private static byte[] decoded(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new JwtException("a part of the token is no base64url");
        }
        throw new JwtException("a part of the token is no base64url");
    }

    private static String plain(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/") ? lower.substring("application/".length()) : lower;
    }

    @Override
    public String toString() {
        return "JwtVerifier[" + issuer + " for " + audience + "]";
    }
}

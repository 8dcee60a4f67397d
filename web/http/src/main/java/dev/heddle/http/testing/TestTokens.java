package dev.heddle.http.testing;

import dev.heddle.Heddle;
import dev.heddle.http.auth.JwtAuthentication;
import dev.heddle.http.auth.JwtKey;
import dev.heddle.http.auth.JwtKeys;
import dev.heddle.http.auth.JwtVerifier;
import dev.heddle.http.internal.codec.JsonCodecs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signer of tokens (JSON Web Tokens, RFC 7519) for tests of a service that asks for them, with a secret of its own
 * (HS256).
 *
 * <pre>{@code
 * var tokens = TestTokens.of("https://issuer.example", "orders");
 * var routes = Routes.create().use(JwtAuthentication.of("orders", tokens.verifier())).get("/", handler);
 * client.request("GET", "/").header("Authorization", "Bearer " + tokens.token(Map.of("sub", "ann")))
 * }</pre>
 *
 * <p>It needs a {@link dev.heddle.http.JsonCodec}; put {@code heddle-json} on the path. Threads: tasks of one loop, whose
 * clock and randomness it takes. Nothing waits.
 *
 * @see JwtAuthentication
 */
public final class TestTokens {

    private static final int SECRET_LONGS = 4;
    private static final int LIFETIME_SECONDS = 3_600;

    private final String issuer;
    private final String audience;
    private final byte[] secret;

    private TestTokens(String issuer, String audience, byte[] secret) {
        this.issuer = issuer;
        this.audience = audience;
        this.secret = secret;
    }

    /** A signer with a new secret. */
    public static TestTokens of(String issuer, String audience) {
        ByteBuffer secret = ByteBuffer.allocate(SECRET_LONGS * Long.BYTES);
        while (secret.hasRemaining()) {
            secret.putLong(Heddle.currentLoop().engine().random());
        }
        return new TestTokens(issuer, audience, secret.array());
    }

    /** The check that takes these tokens, and no others. */
    public JwtVerifier verifier() {
        JwtKey key = JwtKey.secret(secret);
        return JwtVerifier.of(JwtKeys.of(key), issuer, audience);
    }

    /**
     * A signed token.
     *
     * @param claims instead of and beside {@code iss}, {@code aud} and {@code exp}, which is in an hour; times are
     *     seconds since 1970
     */
    public String token(Map<String, ?> claims) {
        var all = new LinkedHashMap<String, Object>();
        all.put("iss", issuer);
        all.put("aud", audience);
        all.put("exp", Heddle.currentLoop().engine().now().getEpochSecond() + LIFETIME_SECONDS);
        all.putAll(claims);
        String signed = base64(JsonCodecs.write(null, Map.of("alg", "HS256"))) + "."
                + base64(JsonCodecs.write(null, all));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

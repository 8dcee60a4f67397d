package dev.heddle.http.server;

import dev.heddle.http.internal.codec.Query;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The session store whose sessions lie with the peer: the second they end, then keys and values as in a query, all
 * signed.
 */
record CookieSessions(CookieSigner signer) implements SessionStore {

    /** What the signature is bound to: no token, so that nothing a program signs for a cookie passes for a session. */
    private static final String NAME = "=session";

    @Override
    public Optional<Map<String, String>> load(String token) {
        return signer.verify(NAME, token).flatMap(CookieSessions::parse);
    }

    /** Only what was signed here comes to this. */
    private static Optional<Map<String, String>> parse(String text) {
        int bar = text.indexOf('|');
        if (Long.parseLong(text, 0, bar, 10) <= CookieSigner.nowSeconds()) {
            return Optional.empty();
        }
        var values = new HashMap<String, String>();
        for (String pair : text.substring(bar + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            values.put(Query.decode(pair.substring(0, equals)), Query.decode(pair.substring(equals + 1)));
        }
        return Optional.of(values);
    }

    @Override
    public String create(String id, Map<String, String> values, Duration idle) {
        var text = new StringJoiner("&", (CookieSigner.nowSeconds() + idle.toSeconds()) + "|", "");
        values.forEach((key, value) -> text.add(encoded(key) + "=" + encoded(value)));
        return signer.signed(NAME, text.toString());
    }

    @Override
    public Optional<String> update(String token, Map<String, String> values, Duration idle) {
        return Optional.of(create("", values, idle));
    }

    @Override
    public void delete(String token) {
        // What the peer has cannot be taken away; it is told to forget it.
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "SessionStore[in cookies, " + signer + "]";
    }
}

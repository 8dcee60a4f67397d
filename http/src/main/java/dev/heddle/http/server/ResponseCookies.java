package dev.heddle.http.server;

import dev.heddle.http.Cookie;
import dev.heddle.http.Headers;
import java.util.List;

/** The Set-Cookie fields of a response, at most one for each name (RFC 6265bis, section 4.1.1). */
final class ResponseCookies {

    private static final String FIELD = "Set-Cookie";

    private ResponseCookies() {}

    /** The headers with this cookie, in place of one that has its name. */
    static Headers with(Headers headers, Cookie cookie) {
        List<String> before = headers.all(FIELD);
        String start = cookie.name() + "=";
        Headers kept = headers;
        if (before.stream().anyMatch(field -> field.startsWith(start))) {
            kept = headers.without(FIELD);
            for (String field : before) {
                if (!field.startsWith(start)) {
                    kept = kept.withAdded(FIELD, field);
                }
            }
        }
        return kept.withAdded(FIELD, cookie.field());
    }
}

package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The cookies of a request (RFC 6265bis, section 4.2): pairs, over as many fields as HTTP/2 likes.
 *
 * <p>Any site of a domain may plant cookies for the others, so what is malformed is left out and no reason to refuse a
 * request. Values are taken as they came: quotes belong to them, as they do for browsers. Of several cookies with one
 * name the first counts, which is the one with the longest path.
 */
public final class RequestCookies {

    private RequestCookies() {}

    public static Map<String, String> parse(Headers headers) {
        if (!headers.contains("Cookie")) {
            return Map.of();
        }
        var cookies = new LinkedHashMap<String, String>();
        for (String field : headers.all("Cookie")) {
            int start = 0;
            while (start < field.length()) {
                int semicolon = field.indexOf(';', start);
                int end = semicolon < 0 ? field.length() : semicolon;
                int equals = field.indexOf('=', start, end);
                if (equals >= 0) {
                    String name = field.substring(start, equals).strip();
                    if (FieldSyntax.isToken(name)) {
                        cookies.putIfAbsent(name, field.substring(equals + 1, end).strip());
                    }
                }
                start = end + 1;
            }
        }
        return Collections.unmodifiableMap(cookies);
    }
}

package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldList;
import java.util.Locale;
import java.util.Set;

/**
 * The names that have no place in the fields behind a body (RFC 9110, section 6.5.1): who reads them there has acted
 * already, and who moves them to the head gives the message another length, host, user or meaning. Of IANA's registry of fields as of 2026-11; others may stand there, and stay apart from the
 * head.
 */
public final class TrailerFields {

    private static final Set<String> FORBIDDEN = Set.of(
            // The length of the message and its connection.
            "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
            "upgrade",
            // Where it goes, and who has sent it.
            "authorization", "cookie", "host", "proxy-authenticate", "proxy-authorization", "set-cookie",
            "www-authenticate",
            // What is asked for.
            "expect", "idempotency-key", "if-match", "if-modified-since", "if-none-match", "if-range",
            "if-unmodified-since",
            "max-forwards", "pragma", "range",
            // What is answered.
            "age", "cache-control", "date", "expires", "location", "retry-after", "vary", "warning",
            // How the body is to be read.
            "content-encoding", "content-range", "content-type");

    private TrailerFields() {}

    /** Whether a field of this name, in any case, must not stand behind a body. */
    public static boolean isForbidden(String name) {
        return FORBIDDEN.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The fields as they are.
     *
     * @throws IllegalArgumentException if one has no place behind a body
     */
    public static Headers checked(Headers own) {
        for (int i = 0; i < own.size(); i++) {
            if (isForbidden(own.name(i))) {
                throw new IllegalArgumentException(own.name(i) + " has no place behind a body; set it as a header");
            }
        }
        return own;
    }

    /** The fields that may stand behind a body; those that have come and must not are left out. */
    public static Headers allowed(Headers received) {
        for (int i = 0; i < received.size(); i++) {
            if (isForbidden(received.name(i))) {
                return rest(received);
            }
        }
        return received;
    }

    private static Headers rest(Headers received) {
        var fields = new FieldList(received.size());
        for (int i = 0; i < received.size(); i++) {
            if (!isForbidden(received.name(i))) {
                fields.add(received.name(i), received.value(i));
            }
        }
        return ReadHeaders.of(fields);
    }
}

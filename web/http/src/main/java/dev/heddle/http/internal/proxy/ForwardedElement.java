package dev.heddle.http.internal.proxy;

import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One element of a Forwarded field (RFC 7239, section 4), written by one proxy.
 *
 * @param from who asked the proxy: an address, {@code unknown} or a made-up name; empty if it does not say
 * @param proto {@code http} or {@code https}; empty if it does not say
 * @param host what the Host field was; empty if it does not say
 */
public record ForwardedElement(String from, String proto, String host) {

    /**
     * Reads an element; null if it is malformed. Commas inside quotes have no use here, so lists may be cut at all
     * commas.
     */
    public static @Nullable ForwardedElement parse(String text) {
        String from = "";
        String proto = "";
        String host = "";
        for (String pair : text.split(";", -1)) {
            int equals = pair.indexOf('=');
            String value = equals < 0 ? null : unquoted(pair.substring(equals + 1).strip());
            if (value == null) {
                return null;
            }
            switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
                case "for" -> from = value;
                case "proto" -> proto = value;
                case "host" -> host = value;
                default -> {}
            }
        }
        return new ForwardedElement(from, proto, host);
    }

    private static @Nullable String unquoted(String value) {
        if (!value.startsWith("\"")) {
            return FieldSyntax.isToken(value) ? value : null;
        }
        String inner = value.length() < 2 || !value.endsWith("\"") ? "" : value.substring(1, value.length() - 1);
        return inner.isEmpty() || inner.indexOf('"') >= 0 || inner.indexOf('\\') >= 0 ? null : inner;
    }
}

package dev.heddle.http.client;

import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The charset parameter of a Content-Type (RFC 9110, section 8.3.2). */
final class ReplyCharset {

    private static final String NAME = "charset=";

    private ReplyCharset() {}

    /**
     * The charset that a Content-Type names; UTF-8 if there is none.
     *
     * @throws IllegalArgumentException if this JVM does not know it
     */
    static Charset of(@Nullable String contentType) {
        if (contentType == null) {
            return StandardCharsets.UTF_8;
        }
        int at = contentType.indexOf(';');
        while (at >= 0) {
            int next = contentType.indexOf(';', at + 1);
            String parameter = contentType.substring(at + 1, next < 0 ? contentType.length() : next).strip();
            if (parameter.toLowerCase(Locale.ROOT).startsWith(NAME)) {
                return named(unquoted(parameter.substring(NAME.length()).strip()));
            }
            at = next;
        }
        return StandardCharsets.UTF_8;
    }

    private static Charset named(String name) {
        if (name.equalsIgnoreCase("utf-8")) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown charset " + FieldSyntax.printable(name), e);
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}

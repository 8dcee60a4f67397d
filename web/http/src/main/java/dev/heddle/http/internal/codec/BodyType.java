package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.ContentTypes;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;

/** The Content-Type of a request or part, taken apart. */
public final class BodyType {

    /** The type of a form without files: names and values (WHATWG URL, section 5). */
    public static final String FORM = "application/x-www-form-urlencoded";

    private BodyType() {}

    /** The media type in lower case, without parameters; empty if there is none. */
    public static String of(Headers headers) {
        String type = headers.first("Content-Type");
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The charset, UTF-8 if none is named.
     *
     * @throws StatusException 415 if it is unknown
     */
    public static Charset charset(Headers headers) {
        String name = ContentTypes.charset(headers.first("Content-Type"));
        if (name == null) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(FieldSyntax.unquoted(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new StatusException(415, "unknown charset");
        }
    }

    /** Refuses what is compressed, or not written in UTF-8. */
    public static void requireUtf8(Headers headers) {
        String coding = headers.first("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new StatusException(415, "the body must not be compressed",
                    Headers.of("Accept-Encoding", "identity"));
        }
        if (!charset(headers).equals(StandardCharsets.UTF_8)) {
            throw new StatusException(415, "the charset must be UTF-8");
        }
    }
}

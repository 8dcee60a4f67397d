package dev.heddle.http.internal.client.body;

import dev.heddle.http.internal.syntax.ContentTypes;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The charset parameter of a Content-Type (RFC 9110, section 8.3.2). */
public final class ReplyCharset {

    private ReplyCharset() {}

    /**
     * The charset that a Content-Type names; UTF-8 if there is none.
     *
     * @throws IllegalArgumentException if this JVM does not know it
     */
    public static Charset of(@Nullable String contentType) {
        String name = ContentTypes.charset(contentType);
        return name == null ? StandardCharsets.UTF_8 : named(FieldSyntax.unquoted(name.strip()));
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
}

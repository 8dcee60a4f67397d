package dev.heddle.http.internal.http2;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.FieldName;
import dev.heddle.http.internal.codec.ReadHeaders;
import dev.heddle.http.internal.syntax.FieldList;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one header block, checked one by one as they come (RFC 9113, sections 8.2 and 8.3). What is wrong is
 * remembered and not thrown, since the block must be read to its end. One for each connection, used again for each
 * block.
 */
public final class Http2Fields implements HpackReader.Sink {

    /** Fields of a connection of HTTP/1: section 8.2.2, which closes the list. */
    private static final List<String> FORBIDDEN = List.of("connection", "keep-alive", "proxy-connection",
            "transfer-encoding", "upgrade");

    private static final String BAD_PSEUDO = "a pseudo-header field is unknown, late or comes twice";

    private final int maxBytes;
    private final int maxCount;

    private final FieldList fields = new FieldList(8);
    private @Nullable Headers built;
    private @Nullable StringBuilder cookies;
    private @Nullable String method;
    private @Nullable String scheme;
    private @Nullable String authority;
    private @Nullable String path;
    private @Nullable String protocol;
    private @Nullable String status;
    private @Nullable String malformed;
    private @Nullable String repeated;
    private boolean pseudo;
    private boolean regular;
    private int count;
    private long bytes;
    private long contentLength;

    /**
     * @param maxBytes most bytes of names and values, with 32 more for each field (section 6.5.2)
     * @param maxCount most fields
     */
    public Http2Fields(int maxBytes, int maxCount) {
        this.maxBytes = maxBytes;
        this.maxCount = maxCount;
    }

    /** Makes it ready for the next block. */
    public Http2Fields clear() {
        fields.clear();
        built = null;
        cookies = null;
        method = null;
        scheme = null;
        authority = null;
        path = null;
        protocol = null;
        status = null;
        malformed = null;
        repeated = null;
        pseudo = false;
        regular = false;
        count = 0;
        bytes = 0;
        contentLength = -1;
        return this;
    }

    @Override
    public void field(String name, String value) {
        bytes += name.length() + value.length() + HpackTable.ENTRY_BYTES;
        count++;
        if (isTooLarge() || malformed != null) {
            return;
        }
        if (!isValue(value)) {
            malformed = "a field's value has a forbidden character";
        } else if (name.startsWith(":")) {
            pseudo(name, value);
        } else {
            regular = true;
            regular(name, value);
        }
    }

    private void pseudo(String name, String value) {
        pseudo = true;
        switch (name) {
            case ":method" -> method = once(method, value);
            case ":scheme" -> scheme = once(scheme, value);
            case ":authority" -> authority = once(authority, value);
            case ":path" -> path = once(path, value);
            case ":protocol" -> protocol = once(protocol, value);
            case ":status" -> status = once(status, value);
            default -> malformed = BAD_PSEUDO;
        }
        if (regular) {
            malformed = BAD_PSEUDO;
        }
    }

    private String once(@Nullable String before, String value) {
        if (before != null) {
            malformed = BAD_PSEUDO;
        }
        return value;
    }

    private void regular(String name, String value) {
        if (!isName(name)) {
            malformed = "a field's name is malformed";
        } else if (FORBIDDEN.contains(name)) {
            malformed = name + " has no place on a stream";
        } else if (name.equals("te") && !value.equalsIgnoreCase("trailers")) {
            malformed = "the only te is trailers";
        } else if (name.equals("cookie")) {
            // Section 8.2.3: pieces on the wire, one field for everybody else.
            StringBuilder all = cookies;
            if (all == null) {
                cookies = new StringBuilder(value);
            } else {
                all.append("; ").append(value);
            }
        } else {
            FieldName known = FieldName.find(name);
            if (known != null && known.isSingle()) {
                singleton(name, value);
            }
            fields.add(name, value);
        }
    }

    private void singleton(String name, String value) {
        if (fields.contains(name)) {
            repeated = name;
        } else if (name.equals("content-length")) {
            contentLength = FieldSyntax.length(value);
            if (contentLength < 0) {
                malformed = "content-length is no number";
            }
        }
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!FieldSyntax.isTokenChar(c) || (c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Section 8.2.1; and no byte at an end that some readers trim. */
    private static boolean isValue(String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (!FieldSyntax.isValueChar(value.charAt(i))) {
                return false;
            }
        }
        return length == 0
                || !(FieldSyntax.isBlank(value.charAt(0)) || FieldSyntax.isBlank(value.charAt(length - 1))
                        || FieldSyntax.hasDisguisedSpace(value));
    }

    /** Whether a field, in any case, speaks about a connection of HTTP/1 and must not be sent: section 8.2.2. */
    public static boolean isOfHttp1(String name) {
        for (String each : FORBIDDEN) {
            if (each.length() == name.length() && each.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the section goes beyond its limits; its fields are then not all here. */
    public boolean isTooLarge() {
        return bytes > maxBytes || count > maxCount;
    }

    /** What makes the message malformed (section 8.1.1); null if nothing does. */
    public @Nullable String malformed() {
        return malformed;
    }

    /** A field that comes twice and must not; null if none does. */
    public @Nullable String repeated() {
        return repeated;
    }

    /** Whether there is a field that begins with a colon. */
    public boolean hasPseudo() {
        return pseudo;
    }

    public @Nullable String method() {
        return method;
    }

    public @Nullable String scheme() {
        return scheme;
    }

    public @Nullable String authority() {
        return authority;
    }

    public @Nullable String path() {
        return path;
    }

    /** What a stream is to carry in place of HTTP: RFC 8441, section 4. */
    public @Nullable String protocol() {
        return protocol;
    }

    public @Nullable String status() {
        return status;
    }

    /** The announced length of the body; -1 if it is not announced. */
    public long contentLength() {
        return contentLength;
    }

    /** The ordinary fields in order, with all cookies in one at the end. */
    public Headers headers() {
        Headers all = built;
        if (all == null) {
            if (cookies != null) {
                fields.add("cookie", cookies.toString());
            }
            all = ReadHeaders.of(fields);
            built = all;
        }
        return all;
    }
}

package dev.heddle.http.internal.form;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.FieldParameters;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of a part (RFC 7578, section 4), checked as a whole.
 *
 * @param filename as sent; null for a field
 * @param length what the part says of its length; -1 if nothing
 */
public record PartHead(String name, @Nullable String filename, Headers headers, long length) {

    /**
     * Parses the lines of a header section.
     *
     * @param section Latin-1, each line with its line end
     * @throws StatusException 400 if it is malformed, 415 if the data is coded
     */
    public static PartHead parse(String section) {
        Headers.Builder headers = Headers.builder();
        int start = 0;
        while (start < section.length()) {
            int end = section.indexOf("\r\n", start);
            addField(headers, section.substring(start, end));
            start = end + 2;
        }
        return check(headers.build());
    }

    private static void addField(Headers.Builder headers, String line) {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon));
        int from = colon + 1;
        int to = line.length();
        while (from < to && FieldSyntax.isBlank(line.charAt(from))) {
            from++;
        }
        while (from < to && FieldSyntax.isBlank(line.charAt(to - 1))) {
            to--;
        }
        String value = line.substring(from, to);
        try {
            headers.add(name, value);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static PartHead check(Headers headers) {
        String disposition = single(headers, "Content-Disposition");
        FieldParameters parsed = disposition == null ? null : FieldParameters.parse(disposition);
        String name = parsed == null ? null : parsed.get("name");
        if (parsed == null || name == null || !parsed.value().equals("form-data")) {
            throw new StatusException(400, "a part of the body has no name");
        }
        single(headers, "Content-Type");
        requireUncoded(headers);
        String filename = parsed.get("filename");
        return new PartHead(utf8(name), filename == null ? null : utf8(filename), headers,
                length(single(headers, "Content-Length")));
    }

    /** RFC 7578, section 4.7: what says that nothing is coded may be said, all else is refused. */
    private static void requireUncoded(Headers headers) {
        String coding = single(headers, "Content-Transfer-Encoding");
        boolean uncoded = coding == null
                || coding.equalsIgnoreCase("binary")
                || coding.equalsIgnoreCase("8bit")
                || coding.equalsIgnoreCase("7bit");
        if (!uncoded || headers.contains("Content-Encoding") || headers.contains("Transfer-Encoding")) {
            throw new StatusException(415, "a part of the body is coded");
        }
    }

    private static long length(@Nullable String text) {
        if (text == null) {
            return -1;
        }
        long length = FieldSyntax.length(text);
        if (length < 0 || text.length() > 18) {
            throw malformed();
        }
        return length;
    }

    private static @Nullable String single(Headers headers, String name) {
        if (headers.count(name) > 1) {
            throw malformed();
        }
        return headers.first(name);
    }

    /** Browsers write names in UTF-8 as it is. */
    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static StatusException malformed() {
        return new StatusException(400, "malformed header of a part");
    }
}

package dev.heddle.http.internal.form;

import java.nio.charset.StandardCharsets;

/**
 * The Content-Disposition field of a response (RFC 6266): what a browser calls a file that it saves.
 *
 * <p>The name may come from anywhere, so only its last segment is taken, without what a file system or the eye could be
 * tricked with. It is written in ASCII for all and, if that loses something, in the form of RFC 8187, which browsers
 * prefer.
 */
public final class ContentDisposition {

    /** Fits into a file name of any system, encoded as UTF-8, beside an extension. */
    private static final int MAX_NAME_CHARS = 80;

    private static final int MAX_EXTENSION_CHARS = 16;
    private static final String ATTRIBUTE_CHARS = "!#$&+-.^_`|~";

    private ContentDisposition() {}

    public static String attachment(String fileName) {
        String name = safe(fileName);
        String ascii = ascii(name);
        String field = "attachment; filename=\"" + ascii + "\"";
        return ascii.equals(name) ? field : field + "; filename*=UTF-8''" + encoded(name);
    }

    private static String safe(String fileName) {
        int slash = Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\'));
        var name = new StringBuilder();
        fileName.substring(slash + 1).codePoints().filter(ContentDisposition::isVisible).forEach(name::appendCodePoint);
        String stripped = name.toString().strip();
        String cut = cut(stripped);
        return cut.chars().allMatch(c -> c == '.') ? "download" : cut;
    }

    /** Format characters turn the order of letters around: an exe that reads as a txt. */
    private static boolean isVisible(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR && type != Character.PARAGRAPH_SEPARATOR;
    }

    private static String cut(String name) {
        if (name.length() <= MAX_NAME_CHARS) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 || name.length() - dot > MAX_EXTENSION_CHARS ? "" : name.substring(dot);
        int end = MAX_NAME_CHARS - extension.length();
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end) + extension;
    }

    /** A percent sign is decoded by some browsers, and a backslash quotes. */
    private static String ascii(String name) {
        var ascii = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean literal = c >= ' ' && c < 0x7f && c != '"' && c != '%';
            if (!Character.isLowSurrogate(c)) {
                ascii.append(literal ? c : '_');
            }
        }
        return ascii.toString();
    }

    private static String encoded(String name) {
        var encoded = new StringBuilder(name.length() + 16);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean literal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                    || ATTRIBUTE_CHARS.indexOf(c) >= 0;
            if (literal) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}

package dev.heddle.http.internal.middleware;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The texts of peers as they may stand between quotes in a line of a log. */
public final class LogText {

    private static final int MAX_CHARS = 1_000;

    private static final HexFormat HEX = HexFormat.of();

    private LogText() {}

    /** The text with all escaped that is not printable ASCII, cut if it is long; empty for none. */
    public static String escaped(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String cut = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
        for (int i = 0; i < cut.length(); i++) {
            if (!isPlain(cut.charAt(i))) {
                return escapedFrom(cut, i);
            }
        }
        return cut;
    }

    private static String escapedFrom(String text, int first) {
        var line = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                line.append(c);
            } else if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else {
                // Headers are Latin-1; anything wider would be ours.
                line.append("\\x").append(HEX.toHexDigits((byte) c));
            }
        }
        return line.toString();
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }
}

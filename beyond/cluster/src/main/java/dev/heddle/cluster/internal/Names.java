package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.StoreLimits;
import java.nio.charset.StandardCharsets;

/** Texts of users as names of entries, and back: what a name cannot have is written as {@code %} and two hex digits. */
public final class Names {

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@";
    private static final String HEX = "0123456789abcdef";

    private Names() {}

    /**
     * The name that stands for a text.
     *
     * @throws IllegalArgumentException if the text is empty, its name too long, or one of its surrogates without the other
     */
    public static String encode(String text) {
        if (!isWhole(text)) {
            throw new IllegalArgumentException("a name in a cluster has no half of a character");
        }
        StringBuilder name = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(b) >= 0) {
                name.append((char) b);
            } else {
                name.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
            }
        }
        if (name.isEmpty() || name.length() > StoreLimits.MAX_NAME) {
            throw new IllegalArgumentException("a name in a cluster has 1 to " + StoreLimits.MAX_NAME
                    + " characters, of which those that are no letters, digits, - _ or @ count three or more");
        }
        return name.toString();
    }

    /** Whether all of its characters are: halves would all have the same name. */
    private static boolean isWhole(String text) {
        for (int i = 0, point; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return false;
            }
        }
        return true;
    }

    /** The text that a name stands for; the name itself if {@link #encode} never gives it. */
    public static String decode(String name) {
        byte[] bytes = new byte[name.length()];
        int length = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '%') {
                bytes[length++] = (byte) c;
                continue;
            }
            if (i + 2 >= name.length()) {
                return name;
            }
            int high = HEX.indexOf(name.charAt(i + 1));
            int low = HEX.indexOf(name.charAt(i + 2));
            if (high < 0 || low < 0) {
                return name;
            }
            bytes[length++] = (byte) (high << 4 | low);
            i += 2;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}

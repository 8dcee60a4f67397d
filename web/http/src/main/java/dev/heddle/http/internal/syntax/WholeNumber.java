package dev.heddle.http.internal.syntax;

import org.jspecify.annotations.Nullable;

/** A whole number in plain digits, as paths, queries and headers of proxies have it. */
public final class WholeNumber {

    /** Of 2^63-1. */
    private static final int MAX_DIGITS = 19;

    private WholeNumber() {}

    /** The number, which may have a minus; null if it is none or has more than 64 bits. */
    public static @Nullable Long parse(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int digits = text.length() - start;
        if (digits < 1 || digits > MAX_DIGITS) {
            return null;
        }
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}

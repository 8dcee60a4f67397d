package dev.heddle.observe.internal;

/**
 * A text of whole characters, as readers of UTF-8 and JSON want it (RFC 7493, section 2.1): not cut inside of a pair of
 * surrogates, and with U+FFFD for one that is alone.
 */
public final class WholeText {

    private static final char REPLACEMENT = '\uFFFD';

    private WholeText() {}

    /** The beginning of a text, of at most so many chars. */
    public static String of(String text, int max) {
        int end = Math.min(max, text.length());
        if (end < text.length() && end > 0 && Character.isHighSurrogate(text.charAt(end - 1))
                && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        String cut = text.substring(0, end);
        for (int i = 0; i < end; i++) {
            if (Character.isSurrogate(cut.charAt(i))) {
                return paired(cut);
            }
        }
        return cut;
    }

    private static String paired(String text) {
        var whole = new StringBuilder(text.length());
        text.codePoints().forEach(point -> whole.appendCodePoint(
                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? REPLACEMENT : point));
        return whole.toString();
    }
}

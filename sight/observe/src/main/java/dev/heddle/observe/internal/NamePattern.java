package dev.heddle.observe.internal;

import java.util.Locale;

/**
 * A pattern for names, as shells have it: {@code *} stands for any characters, {@code ?} for one. Without these it is a
 * part of the name. Upper and lower case are the same.
 */
final class NamePattern {

    private final String pattern;

    NamePattern(String pattern) {
        boolean isPart = pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
        this.pattern = (isPart ? "*" + pattern + "*" : pattern).toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a name is meant; of a long one its beginning decides. A star that does not fit takes one more character,
     * and what stars before it have taken stays: so this takes as many steps as both are long, multiplied, at most.
     */
    boolean matches(String whole) {
        String name = whole.substring(0, Math.min(whole.length(), JsonLines.MAX_TEXT)).toLowerCase(Locale.ROOT);
        int at = 0;
        int star = -1;
        int afterStar = 0;
        int i = 0;
        while (i < name.length()) {
            char wanted = at < pattern.length() ? pattern.charAt(at) : 0;
            if (wanted == '*') {
                star = at++;
                afterStar = i;
            } else if (at < pattern.length() && (wanted == '?' || wanted == name.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++afterStar;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}

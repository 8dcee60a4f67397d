package dev.heddle.json;

import org.jspecify.annotations.Nullable;

/**
 * A pattern of Java in the words of JavaScript (ECMA-262, with the flag {@code u}), which is what schemas have. What the
 * two take differently makes it none: white space, classes in classes, possessive loops, names of groups.
 */
final class ScriptPattern {

    /** Characters that may stand behind a backslash with the same meaning in both. */
    private static final String ESCAPES = "dDwWnrtf\\.*+?()[]{}|^$/";

    private final String pattern;
    private boolean inClass;
    private boolean inBraces;

    private ScriptPattern(String pattern) {
        this.pattern = pattern;
    }

    /** The pattern that finds a text which the given one matches as a whole; null if there is none for sure. */
    static @Nullable String of(String pattern) {
        if (!new ScriptPattern(pattern).isCommon()) {
            return null;
        }
        return pattern.indexOf('|') < 0 ? "^" + pattern + "$" : "^(?:" + pattern + ")$";
    }

    private boolean isCommon() {
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
                if (ESCAPES.indexOf(at(i)) < 0 && !(inClass && at(i) == '-')) {
                    return false;
                }
            } else if (!(inClass ? isCommonInClass(c, i) : isCommonOutside(c, i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isCommonInClass(char c, int i) {
        inClass = c != ']';
        return c != '[' && !(c == '&' && at(i + 1) == '&');
    }

    private boolean isCommonOutside(char c, int i) {
        return switch (c) {
            case '[' -> {
                inClass = true;
                // A bracket that comes first is a character for Java and the end for JavaScript.
                yield at(i + 1) != ']' && !(at(i + 1) == '^' && at(i + 2) == ']');
            }
            case '(' -> at(i + 1) != '?' || ":=!".indexOf(at(i + 2)) >= 0;
            case '{' -> {
                inBraces = true;
                yield true;
            }
            case '}' -> {
                boolean closes = inBraces;
                inBraces = false;
                yield closes && at(i + 1) != '+';
            }
            case '*', '+', '?' -> at(i + 1) != '+';
            case ']' -> false;
            default -> true;
        };
    }

    private char at(int index) {
        return index < pattern.length() ? pattern.charAt(index) : ' ';
    }
}

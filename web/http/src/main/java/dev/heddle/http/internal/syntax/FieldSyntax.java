package dev.heddle.http.internal.syntax;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * The grammar of the characters in a message head (RFC 9110, sections 5.5 and 5.6.2).
 *
 * <p>Both halves check with this before a byte is written, so that nothing a caller hands over can end a line early.
 */
public final class FieldSyntax {

    /** Most characters of a text that a log line repeats. */
    private static final int MAX_PRINTED = 200;

    /** One entry for each byte: whether it may stand in a token. */
    private static final boolean[] TOKEN = new boolean[256];

    /** One entry for each byte: whether it may stand in a value. */
    private static final boolean[] VALUE = new boolean[256];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
        for (int c = 0; c < VALUE.length; c++) {
            VALUE[c] = isValueChar(c);
        }
    }

    private FieldSyntax() {}

    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    public static boolean isTokenChar(int c) {
        return c >= 0 && c < 128 && TOKEN[c];
    }

    public static boolean isTokenByte(byte b) {
        return TOKEN[b & 0xff];
    }

    /** Whether the text is a scheme of a URL (RFC 3986, section 3.1). */
    public static boolean isScheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether the character may stand inside a field value: visible, space, tab or Latin-1 above ASCII. */
    public static boolean isValueChar(int c) {
        return (c >= ' ' && c <= 0xff && c != 0x7f) || c == '\t';
    }

    public static boolean isValueByte(byte b) {
        return VALUE[b & 0xff];
    }

    public static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    /** The value of a Content-Length field; -1 if it is not a plain number, or more than a long holds. */
    public static long length(String value) {
        long length = value.isEmpty() ? -1 : 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9 || length > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            length = length * 10 + digit;
        }
        return length;
    }

    /** The text without the quotes around it, if it has some; what they quote has no marks inside. */
    public static String unquoted(String text) {
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** Whether a comma-separated value has the element, in any case. */
    public static boolean hasElement(String value, String element) {
        if (value.indexOf(',') < 0) {
            return value.strip().equalsIgnoreCase(element);
        }
        for (String each : value.split(",", -1)) {
            if (each.strip().equalsIgnoreCase(element)) {
                return true;
            }
        }
        return false;
    }

    /** Names of fields, which the set finds in any case and without a copy. */
    public static Set<String> names(String... names) {
        var known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Collections.addAll(known, names);
        return Collections.unmodifiableSet(known);
    }

    /** Throws unless the name is a token. */
    public static void checkName(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("not a header name: " + printable(name));
        }
    }

    /** Throws unless the value may be written as it is; the message does not repeat the value, which may be secret. */
    public static void checkValue(String name, String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (!isValueChar(c)) {
                throw new IllegalArgumentException(
                        "header " + name + " has a forbidden character U+" + String.format("%04X", (int) c) + " at "
                                + i);
            }
        }
        if (length > 0 && (isBlank(value.charAt(0)) || isBlank(value.charAt(length - 1)))) {
            throw new IllegalArgumentException("header " + name + " has white space at an end of its value");
        }
    }

    /** Throws if the field of a response is the server's to write: what ends a message must have one author only. */
    public static void checkHandlers(String name, String value) {
        if (name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Transfer-Encoding")) {
            throw new IllegalArgumentException(name + " is written by the server; use stream with a length");
        }
        if (name.equalsIgnoreCase("Connection") && !value.equalsIgnoreCase("close")) {
            throw new IllegalArgumentException("the only Connection that a handler may ask for is close");
        }
    }

    /**
     * Whether there is a no-break space or a next-line character at an end: Latin-1 to one reader, white space to
     * another. The last byte of a character in UTF-8 is none, such as that of an à.
     */
    public static boolean hasDisguisedSpace(String value) {
        int last = value.length() - 1;
        return last >= 0
                && (isDisguisedSpace(value.charAt(0))
                        || (isDisguisedSpace(value.charAt(last)) && !endsCharacter(value)));
    }

    private static boolean isDisguisedSpace(char c) {
        return c == 0xa0 || c == 0x85;
    }

    /** Whether the last bytes are those of one character of several in UTF-8. */
    private static boolean endsCharacter(String value) {
        int at = value.length() - 1;
        while (at > 0 && value.charAt(at) >= 0x80 && value.charAt(at) < 0xc0) {
            at--;
        }
        char lead = value.charAt(at);
        int size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
        return size > 1 && value.length() - at == size;
    }

    /** The text fit for a log line: what is not printable ASCII is escaped, and a long text is cut. */
    public static String printable(String text) {
        var line = new StringBuilder(Math.min(text.length(), MAX_PRINTED) + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            if (i == MAX_PRINTED) {
                return line.append("\"...").toString();
            }
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                line.append(c);
            } else {
                line.append(String.format("\\u%04x", (int) c));
            }
        }
        return line.append('"').toString();
    }
}

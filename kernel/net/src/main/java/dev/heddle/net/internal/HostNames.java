package dev.heddle.net.internal;

import java.net.IDN;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The forms in which a host is written: an address, or a name. The one place that tells them apart.
 *
 * <p>With a colon or a bracket it is an address of IPv6 (RFC 4291 section 2.2), with a zone where it has one (RFC 4007
 * section 11). A name whose last label is a number is an address of IPv4, as in WHATWG's URL standard, in its one form
 * of four decimal numbers: {@code 127.1} or {@code 010.0.0.1} are read differently by different programs. All else is
 * a name of labels (RFC 1035 section 2.3.4), without the characters that the URL standard forbids in a domain.
 */
public final class HostNames {

    /** The longest name, a dot at its end not counted (RFC 1035 section 2.3.4). */
    public static final int MAX_NAME_CHARS = 253;

    private static final int MAX_LABEL_CHARS = 63;

    /** What no name has beside blanks and control characters ("forbidden domain code point"). */
    private static final String FORBIDDEN = "#%/:<>?@[\\]^|";

    /**
     * Characters that IDNA 2003 maps and IDNA 2008 keeps, so that one text is two hosts (UTS #46, section 7): the sharp
     * s, the final sigma, and two joiners without a width.
     */
    private static final String DEVIATIONS = "\u00df\u03c2\u200c\u200d";

    /** A part of an address in decimal: {@code 01} is eight to some. */
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,2}");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    private static final int SHOWN_CHARS = 80;

    /** Kinds of characters that change how a line is shown, or have no shape. */
    private static final Set<Integer> INVISIBLE = Set.of((int) Character.FORMAT, (int) Character.SURROGATE,
            (int) Character.LINE_SEPARATOR, (int) Character.PARAGRAPH_SEPARATOR);

    private HostNames() {}

    /**
     * What a host is the text of.
     *
     * @param name in its ASCII form and in lower case, with the dot at its end if it has one
     * @param address the address that it is; empty if it is a name
     */
    public record Host(String name, Optional<InetAddress> address) {}

    /**
     * Reads a host.
     *
     * @param text a name, also an international one, or an address, of which one of IPv6 may stand in brackets
     * @throws IllegalArgumentException if it is neither; says why
     */
    public static Host read(String text) {
        if (text.indexOf(':') >= 0 || text.indexOf('[') >= 0 || text.indexOf(']') >= 0) {
            return new Host(text, Optional.of(sixAddress(text)));
        }
        String name = ascii(text);
        if (endsInNumber(name)) {
            return new Host(name, Optional.of(fourAddress(text, name)));
        }
        checkLabels(text, name);
        return new Host(name, Optional.empty());
    }

    /**
     * The form of a name that name servers know, in lower case: names have no case.
     *
     * @throws IllegalArgumentException as {@link #read}, and if it is an address
     */
    public static String name(String text) {
        Host host = read(text);
        if (host.address().isPresent()) {
            throw bad(text, "it is an address, not a name");
        }
        return host.name();
    }

    /** As {@link #name}, without a dot at its end. */
    public static String plainName(String text) {
        return withoutDot(name(text));
    }

    /** As {@link #plainName}; empty where that throws. */
    public static Optional<String> tryPlainName(String text) {
        try {
            return Optional.of(plainName(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A name without the dot at its end that says that it is in no domain. */
    public static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static InetAddress sixAddress(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String inner = bracketed ? text.substring(1, text.length() - 1) : text;
        if (inner.indexOf(':') < 0 || inner.indexOf('[') >= 0 || inner.indexOf(']') >= 0) {
            throw bad(text, "brackets are for addresses of IPv6");
        }
        try {
            return InetAddress.ofLiteral(inner);
        } catch (IllegalArgumentException e) {
            throw bad(text, inner.indexOf('%') < 0
                    ? "it is no address of IPv6, and a name has no colon; a port is given apart"
                    : "it is no address of IPv6 with a network of this machine behind the %");
        }
    }

    private static String ascii(String text) {
        if (withoutDot(text).length() > MAX_NAME_CHARS) {
            throw bad(text, "it has more than " + MAX_NAME_CHARS + " characters");
        }
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.toLowerCase(Locale.ROOT);
        }
        if (text.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0)) {
            throw bad(text, "programs read it differently; write its ASCII form");
        }
        try {
            return IDN.toASCII(text).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw bad(text, "it is no international name");
        }
    }

    /** Whether the last label is a number: none of the domains at the top is, so no server knows such a name. */
    private static boolean endsInNumber(String name) {
        String plain = withoutDot(name);
        String last = plain.substring(plain.lastIndexOf('.') + 1);
        return NUMBER.matcher(last).matches();
    }

    private static InetAddress fourAddress(String text, String name) {
        String[] parts = name.split("\\.", -1);
        boolean usual = parts.length == 4;
        for (String part : parts) {
            usual &= DECIMAL.matcher(part).matches() && Integer.parseInt(part) <= 0xFF;
        }
        if (!usual) {
            throw bad(text, "it ends in a number and is no address of IPv4 as 127.0.0.1 is one");
        }
        return InetAddress.ofLiteral(name);
    }

    private static void checkLabels(String text, String name) {
        String plain = withoutDot(name);
        if (plain.length() > MAX_NAME_CHARS) {
            throw bad(text, "its ASCII form has more than " + MAX_NAME_CHARS + " characters");
        }
        for (String label : plain.split("\\.", -1)) {
            if (label.isEmpty()) {
                throw bad(text, plain.isEmpty() ? "it is empty" : "it has nothing before or between its dots");
            }
            if (label.length() > MAX_LABEL_CHARS) {
                throw bad(text, "between its dots are more than " + MAX_LABEL_CHARS + " characters");
            }
        }
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c <= ' ' || c >= 0x7F || FORBIDDEN.indexOf(c) >= 0) {
                throw bad(text, "it has a character that no name has, at index " + i);
            }
        }
    }

    private static IllegalArgumentException bad(String text, String reason) {
        return new IllegalArgumentException("no host: " + shown(text) + ": " + reason);
    }

    /** For a log line: cut, and without what moves a cursor. */
    private static String shown(String text) {
        var shown = new StringBuilder("\"");
        text.codePoints().limit(SHOWN_CHARS).forEach(c -> {
            if (Character.isISOControl(c) || INVISIBLE.contains(Character.getType(c))) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.append(text.codePointCount(0, text.length()) > SHOWN_CHARS ? "...\"" : "\"").toString();
    }
}

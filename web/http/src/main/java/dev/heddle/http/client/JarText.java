package dev.heddle.http.client;

import dev.heddle.http.internal.syntax.FieldSyntax;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A jar as text, one cookie in each line: domain, path, flags, end and name with value, between tabs. The flags are
 * letters: {@code h} for one host alone, {@code s} for secure, {@code o} for HttpOnly; {@code -} is none, and no end.
 */
final class JarText {

    private static final String FIRST_LINE = "heddle cookies 1";

    private JarText() {}

    static String write(List<JarCookie> cookies) {
        var text = new StringBuilder(FIRST_LINE).append('\n');
        for (JarCookie cookie : cookies) {
            String flags = (cookie.hostOnly() ? "h" : "") + (cookie.secure() ? "s" : "")
                    + (cookie.httpOnly() ? "o" : "");
            Instant end = cookie.expires();
            text.append(cookie.domain()).append('\t')
                    .append(cookie.path()).append('\t')
                    .append(flags.isEmpty() ? "-" : flags).append('\t')
                    .append(end == null ? "-" : end.toString()).append('\t')
                    .append(cookie.name()).append('=').append(cookie.value()).append('\n');
        }
        return text.toString();
    }

    /** The cookies; throws an {@link IllegalArgumentException} that names the line, not what stands in it. */
    static List<JarCookie> read(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE)) {
            throw new IllegalArgumentException("no saved cookies: line 1 is not '" + FIRST_LINE + "'");
        }
        var cookies = new ArrayList<JarCookie>();
        for (int i = 1; i < lines.size(); i++) {
            JarCookie cookie = cookie(lines.get(i));
            if (cookie == null) {
                throw new IllegalArgumentException("no saved cookies: line " + (i + 1) + " is malformed");
            }
            cookies.add(cookie);
        }
        return cookies;
    }

    private static @Nullable JarCookie cookie(String line) {
        String[] parts = line.split("\t", 5);
        if (parts.length < 5 || parts[0].isEmpty() || !parts[1].startsWith("/") || !isSendable(parts[4])) {
            return null;
        }
        int equals = parts[4].indexOf('=');
        String flags = parts[2];
        if (equals < 0 || !flags.matches("-|h?s?o?") || flags.isEmpty()) {
            return null;
        }
        String name = parts[4].substring(0, equals);
        String value = parts[4].substring(equals + 1);
        if (!name.equals(name.strip()) || !value.equals(value.strip())) {
            // No field ends with a blank, so it could not be sent.
            return null;
        }
        try {
            Instant end = parts[3].equals("-") ? null : Instant.parse(parts[3]);
            return new JarCookie(name, parts[1], flags.contains("h"), value, parts[0], flags.contains("s"),
                    flags.contains("o"), end, 0, 0);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean isSendable(String pair) {
        for (int i = 0; i < pair.length(); i++) {
            if (!FieldSyntax.isValueChar(pair.charAt(i))) {
                return false;
            }
        }
        return pair.length() > 1 && pair.length() <= CookieJar.MAX_BYTES + 1;
    }
}

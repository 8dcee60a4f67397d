package dev.heddle.http.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The reader of a netrc file's text, word by word. Its errors name lines, never what stands in them. */
final class NetrcReader {

    /**
     * An entry of the file.
     *
     * @param machine the host; null for the default
     * @param auth how to answer for the user there; null if login or password is missing
     */
    record Entry(@Nullable String machine, @Nullable Auth auth) {}

    private final String text;
    private int at;
    private int line = 1;

    /** Whether the last word was in quotes: then it is no keyword. */
    private boolean quoted;

    /** Whether a comment came before it. */
    private boolean commented;

    private final List<Entry> entries = new ArrayList<>();

    // ---- the entry that is being read ----

    private boolean begun;
    private @Nullable String machine;
    private @Nullable String login;
    private @Nullable String password;

    NetrcReader(String text) {
        this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /**
     * All entries, in order.
     *
     * @throws IllegalArgumentException if the text is malformed
     */
    List<Entry> entries() {
        for (String word = word(); word != null; word = word()) {
            switch (quoted ? "" : word) {
                case "machine" -> begin(value());
                case "default" -> begin(null);
                case "login", "user" -> login = ofEntry(login, value());
                case "password" -> password = ofEntry(password, value());
                case "account" -> {
                    String _ = ofEntry(null, value());
                }
                case "macdef" -> skipMacro();
                default -> throw wrong("a word that is none of machine, default, login, password, account, macdef");
            }
        }
        end();
        return entries;
    }

    private void begin(@Nullable String host) {
        end();
        begun = true;
        machine = host;
    }

    private void end() {
        if (begun) {
            entries.add(new Entry(machine, auth()));
        }
        login = null;
        password = null;
    }

    private @Nullable Auth auth() {
        if (login == null || password == null) {
            return null;
        }
        if (login.indexOf(':') >= 0) {
            throw wrong("a login with a colon, before here");
        }
        return Auth.basic(login, password);
    }

    private String ofEntry(@Nullable String before, String value) {
        if (!begun || before != null) {
            throw wrong(begun ? "the same for the second time" : "an entry that does not begin with machine");
        }
        return value;
    }

    private String value() {
        int begins = line;
        String value = word();
        if (commented) {
            // As likely a password that begins so, and then the next word is not it.
            line = begins;
            throw wrong("a comment instead of a value; write a value that begins with # in quotes");
        }
        if (value == null) {
            line = begins;
            throw wrong("a word that has no value");
        }
        return value;
    }

    /** A macro ends with an empty line. */
    private void skipMacro() {
        String _ = value();
        boolean empty = false;
        nextLine();
        while (at < text.length() && !empty) {
            int begin = at;
            nextLine();
            empty = text.substring(begin, at).matches("\r?\n?");
        }
    }

    /** The next word; null at the end. */
    private @Nullable String word() {
        commented = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                commented = true;
                skipComment();
            } else if (c == '"') {
                quoted = true;
                return quotedWord();
            } else if (isBlank(c)) {
                step();
            } else {
                quoted = false;
                int begin = at;
                while (at < text.length() && !isBlank(text.charAt(at))) {
                    at++;
                }
                return text.substring(begin, at);
            }
        }
        return null;
    }

    private String quotedWord() {
        var word = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '\n'; at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                if (at < text.length() && !isBlank(text.charAt(at))) {
                    throw wrong("something right behind a quote");
                }
                return word.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = switch (text.charAt(at)) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> text.charAt(at);
                };
            }
            word.append(c);
        }
        throw wrong("a quote that does not end");
    }

    private void skipComment() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private void nextLine() {
        skipComment();
        if (at < text.length()) {
            step();
        }
    }

    private void step() {
        if (text.charAt(at) == '\n') {
            line++;
        }
        at++;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("no netrc file: line " + line + " has " + what);
    }
}

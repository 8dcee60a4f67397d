package dev.heddle.http.internal.syntax;

import org.jspecify.annotations.Nullable;

/** A cursor that takes the words of a field value from left to right (RFC 9110, section 5.6). */
public final class FieldScanner {

    private final String text;
    private int at;

    public FieldScanner(String text) {
        this.text = text;
    }

    /** Where the next character is. */
    public int position() {
        return at;
    }

    /** Goes back to a {@link #position}, or on to it. */
    public void moveTo(int position) {
        at = position;
    }

    public boolean isAtEnd() {
        return at == text.length();
    }

    /** Whether this character is next. */
    public boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    /** Whether a character of a token is next. */
    public boolean isAtToken() {
        return at < text.length() && FieldSyntax.isTokenChar(text.charAt(at));
    }

    /** Takes this character if it is next. */
    public boolean take(char c) {
        boolean there = isAt(c);
        at += there ? 1 : 0;
        return there;
    }

    /** The token that begins here; empty if none does. */
    public String token() {
        int start = at;
        while (isAtToken()) {
            at++;
        }
        return text.substring(start, at);
    }

    /** All up to the first of some characters, or to the end. */
    public String until(String ends) {
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    public void skipBlanks() {
        skip(" \t");
    }

    /** Goes on to the first character that is none of these. */
    public void skip(String chars) {
        while (at < text.length() && chars.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** The text in the quotes that begin here, where a backslash hides any character; null if they have no end. */
    public @Nullable String quoted() {
        return quoted(null);
    }

    /**
     * The text in the quotes that begin here; null if they have no end.
     *
     * @param hidden the only characters that a backslash hides; null for any
     */
    @Nullable String quoted(@Nullable String hidden) {
        var unquoted = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return unquoted.toString();
            }
            if (c == '\\' && at < text.length() && (hidden == null || hidden.indexOf(text.charAt(at)) >= 0)) {
                c = text.charAt(at++);
            }
            unquoted.append(c);
        }
        return null;
    }
}

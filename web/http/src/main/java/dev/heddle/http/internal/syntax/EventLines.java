package dev.heddle.http.internal.syntax;

/** The lines of an event stream (WHATWG HTML, section 9.2.5). */
public final class EventLines {

    private EventLines() {}

    /** Writes a text line by line, as a reader would see its lines, each behind a prefix. */
    public static void append(StringBuilder target, String prefix, String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '\n' : text.charAt(i);
            if (c == '\n' || c == '\r') {
                target.append(prefix).append(text, start, i).append('\n');
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                start = i + 1;
            }
        }
    }
}

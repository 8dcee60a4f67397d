package dev.heddle.http;

import dev.heddle.http.internal.syntax.EventLines;
import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * One event of an event stream (WHATWG HTML, section 9.2).
 *
 * <pre>{@code
 * ServerSentEvent.of("{\"price\": 42}").withName("quote").withId("1001")
 * }</pre>
 *
 * <p>Threads: any.
 *
 * @param data the text, of one line or several
 * @param name what kind of event it is; {@code message} if nobody says
 * @param id where the stream is with it: what a client that connects again has seen last; may be empty
 * @param retry how long a client waits before it connects again, from now on; zero says nothing about it
 */
public record ServerSentEvent(String data, String name, String id, Duration retry) {

    /** The name of an event that is given none. */
    public static final String MESSAGE = "message";

    public ServerSentEvent {
        checkLine("name", name);
        checkLine("id", id);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of an event is empty; the usual one is " + MESSAGE);
        }
        Checks.notNegative("retry", retry);
    }

    /** An event with data only. */
    public static ServerSentEvent of(String data) {
        return new ServerSentEvent(data, MESSAGE, "", Duration.ZERO);
    }

    /** With another name. */
    public ServerSentEvent withName(String name) {
        return new ServerSentEvent(data, name, id, retry);
    }

    /** With another id. */
    public ServerSentEvent withId(String id) {
        return new ServerSentEvent(data, name, id, retry);
    }

    /** With a time that clients shall wait before they connect again, in milliseconds. */
    public ServerSentEvent withRetry(Duration retry) {
        return new ServerSentEvent(data, name, id, retry);
    }

    /**
     * The event as it is on the wire, with the empty line behind it: each line of the data becomes one of its own,
     * however it ends.
     */
    public String text() {
        var text = new StringBuilder(data.length() + 32);
        if (!id.isEmpty()) {
            text.append("id: ").append(id).append('\n');
        }
        if (!name.equals(MESSAGE)) {
            text.append("event: ").append(name).append('\n');
        }
        if (!retry.isZero()) {
            text.append("retry: ").append(retry.toMillis()).append('\n');
        }
        EventLines.append(text, "data: ", data);
        return text.append('\n').toString();
    }

    private static void checkLine(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == 0) {
                throw new IllegalArgumentException("the " + what + " of an event has a line end or NUL at " + i);
            }
        }
    }
}

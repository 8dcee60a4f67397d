package dev.heddle.http.internal.codec;

import dev.heddle.http.ServerSentEvent;
import dev.heddle.internal.BoundedBytes;
import dev.heddle.io.LimitExceededException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parser of event streams (WHATWG HTML, sections 9.2.5 and 9.2.6): lines that end with CR, LF or both, a byte order
 * mark at the start, fields of which unknown ones are skipped. An event that the stream does not end with an empty line
 * never was one.
 */
public final class EventParser {

    /** Most bytes of one event, its data as well as each line. */
    static final int MAX_EVENT_BYTES = 1024 * 1024;

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Object what;
    private final ArrayDeque<ServerSentEvent> events = new ArrayDeque<>();
    private byte[] line = new byte[256];
    private int length;
    private boolean firstLine = true;
    private boolean afterReturn;

    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private String id;
    private Duration retry = Duration.ZERO;

    private String lastId;
    private @Nullable Duration lastRetry;

    /**
     * @param what names the reply in errors
     * @param lastId the id that is in force before the first event
     */
    public EventParser(Object what, String lastId) {
        this.what = what;
        this.id = lastId;
        this.lastId = lastId;
    }

    /** Takes the next bytes. */
    public void feed(byte[] source, int count) {
        for (int i = 0; i < count; i++) {
            byte b = source[i];
            boolean secondHalf = afterReturn && b == '\n';
            afterReturn = b == '\r';
            if (secondHalf) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                endLine();
            } else {
                append(b);
            }
        }
    }

    /** The next whole event; null if its end has not come yet. */
    public @Nullable ServerSentEvent poll() {
        return events.poll();
    }

    /** The id that is in force: of the last whole event that had one, or earlier. */
    public String lastId() {
        return lastId;
    }

    /** How long to wait before connecting again, if the server has said so. */
    public @Nullable Duration lastRetry() {
        return lastRetry;
    }

    private void append(byte b) {
        if (length == line.length) {
            checkLimit(length + 1);
            line = BoundedBytes.grown(line, 0, MAX_EVENT_BYTES);
        }
        line[length++] = b;
    }

    private void checkLimit(int size) {
        if (size > MAX_EVENT_BYTES) {
            throw new LimitExceededException(what + ": an event", MAX_EVENT_BYTES);
        }
    }

    private void endLine() {
        int start = 0;
        if (firstLine) {
            firstLine = false;
            start = length >= 3 && Arrays.equals(line, 0, 3, MARK, 0, 3) ? 3 : 0;
        }
        var text = new String(line, start, length - start, StandardCharsets.UTF_8);
        length = 0;
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            return;
        }
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
        switch (field) {
            case "data" -> {
                checkLimit(data.length() + value.length() + 1);
                data.append(value).append('\n');
            }
            case "event" -> name = value;
            case "id" -> id = value.indexOf(0) < 0 ? value : id;
            case "retry" -> retry(value);
            default -> {
                // Fields that may come to be later are skipped.
            }
        }
    }

    /** Digits only; a number that no wait could be that long is not believed. */
    private void retry(String value) {
        boolean digits = !value.isEmpty() && value.length() <= 12 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (digits) {
            retry = Duration.ofMillis(Long.parseLong(value));
            lastRetry = retry;
        }
    }

    private void dispatch() {
        lastId = id;
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            // NUL may come in a name, which no event of this side may have.
            String kind = name.isEmpty() ? ServerSentEvent.MESSAGE : name.replace('\0', '\ufffd');
            events.add(new ServerSentEvent(data.toString(), kind, id, retry));
        }
        data.setLength(0);
        name = "";
        retry = Duration.ZERO;
    }
}

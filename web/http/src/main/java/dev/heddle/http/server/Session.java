package dev.heddle.http.server;

import dev.heddle.http.StatusException;
import dev.heddle.io.LimitExceededException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The session of one visitor: what a server remembers from request to request; see {@link Sessions}.
 *
 * <p>It is looked up when it is first used, and kept when the handler has returned, or has ended with a {@link
 * StatusException}, which stands for a response; a handler that throws anything else has changed nothing. Two requests
 * of one visitor at the same time each have their own copy, and the later one to end wins.
 *
 * <p>Cancellation: the call that looks it up may wait in the {@link SessionStore}; a cancelled one has changed nothing.
 *
 * <p>Threads: the task of the handler.
 */
public final class Session {

    private final Sessions sessions;
    private final @Nullable String token;
    private @Nullable Map<String, String> values;
    private boolean known;
    private boolean changed;
    private boolean renewed;
    private boolean over;
    private int bytes;

    /**
     * @param token what the peer has shown, if anything
     */
    Session(Sessions sessions, @Nullable String token) {
        this.sessions = sessions;
        this.token = token;
    }

    /** The value that was put for a key. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(values().get(check(key)));
    }

    /**
     * Remembers a value. The first one makes the session.
     *
     * @throws LimitExceededException if all keys and values together get too long, see {@link Sessions#withMaxBytes}
     * @throws IllegalStateException if the response is already being sent
     */
    public void put(String key, String value) {
        checkNotOver();
        Map<String, String> all = values();
        String before = all.get(check(key));
        int size = bytes + length(value) - (before == null ? -length(key) : length(before));
        if (size > sessions.maxBytes()) {
            throw new LimitExceededException("what the session remembers", sessions.maxBytes());
        }
        bytes = size;
        all.put(key, value);
        changed |= !value.equals(before);
    }

    /** Forgets a value. */
    public void remove(String key) {
        checkNotOver();
        String before = values().remove(check(key));
        if (before != null) {
            bytes -= length(key) + length(before);
            changed = true;
        }
    }

    /**
     * Goes on under another id, and the old one is good for nothing: to be called when a visitor logs in, so that
     * nobody who planted the old id is logged in with him.
     */
    public void renewId() {
        checkNotOver();
        values();
        renewed = true;
    }

    /** Forgets everything, as when a visitor logs out. */
    public void clear() {
        checkNotOver();
        values().clear();
        bytes = 0;
        changed = true;
        renewed = true;
    }

    /** Whether the handler has looked at it, so that the response depends on it. */
    boolean isUsed() {
        return values != null;
    }

    /** What the peer has shown, if it was found. */
    @Nullable String knownToken() {
        return known ? token : null;
    }

    boolean isChanged() {
        return changed;
    }

    boolean isRenewed() {
        return renewed;
    }

    /** What is to be kept; nothing changes any more. */
    Map<String, String> end() {
        over = true;
        return values();
    }

    private Map<String, String> values() {
        Map<String, String> all = values;
        if (all == null) {
            Optional<Map<String, String>> found = token == null ? Optional.empty() : sessions.load(token);
            known = found.isPresent();
            all = new HashMap<>(found.orElse(Map.of()));
            for (Map.Entry<String, String> entry : all.entrySet()) {
                boolean own = entry.getKey().equals(Sessions.TIMES);
                bytes += own ? 0 : length(entry.getKey()) + length(entry.getValue());
            }
            values = all;
        }
        return all;
    }

    private void checkNotOver() {
        if (over) {
            throw new IllegalStateException(
                    "the response is on its way: change the session before the handler returns");
        }
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The empty key is for the times of the session itself. */
    private static String check(String key) {
        if (Objects.requireNonNull(key).isEmpty()) {
            throw new IllegalArgumentException("the key is empty");
        }
        return key;
    }

    /** Without what it remembers. */
    @Override
    public String toString() {
        return "Session[" + (known ? "known" : "new") + "]";
    }
}

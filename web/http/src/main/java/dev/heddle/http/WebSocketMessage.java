package dev.heddle.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A whole message of a {@link WebSocket}: text or bytes.
 *
 * <pre>{@code
 * switch (message) {
 *     case WebSocketMessage.Text(String text) -> say(text);
 *     case WebSocketMessage.Binary(byte[] bytes) -> store(bytes);
 * }
 * }</pre>
 *
 * <p>Threads: any, as long as nobody changes the bytes. To test code that takes messages, make them.
 */
public sealed interface WebSocketMessage {

    /**
     * A text.
     *
     * @param text well-formed when it comes from a peer
     */
    record Text(String text) implements WebSocketMessage {

        /** How long it is; not what it says, which may be secret. */
        @Override
        public String toString() {
            return "Text[" + text.length() + " characters]";
        }
    }

    /**
     * Bytes.
     *
     * @param bytes not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by its content below
    record Binary(byte[] bytes) implements WebSocketMessage {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Binary(byte[] others) && Arrays.equals(bytes, others);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        /** How long it is. */
        @Override
        public String toString() {
            return "Binary[" + bytes.length + " bytes]";
        }
    }
}

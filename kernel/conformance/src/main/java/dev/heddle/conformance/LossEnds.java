package dev.heddle.conformance;

import dev.heddle.BrokenException;
import java.time.Duration;

/**
 * The two ends of a connection under a {@link LossCell}: the peer's and ours. Over byte streams they are streams; a layer
 * above, such as a WebSocket, says here how its peer sends, ends and breaks, and how it reads and writes itself, and is
 * judged by the same model.
 *
 * <p>Threads: tasks of one loop; while one reads, another may write.
 */
public interface LossEnds {

    /** What a read to the end gave. */
    record Reading(String text, boolean broken) {}

    // ---- the peer ----

    /** Sends a text. */
    void send(String text);

    /** Ends its direction. */
    void halfClose();

    /** Aborts the connection. */
    void reset();

    /**
     * Reads what we have written, and closes.
     *
     * @param bytes how much that is
     */
    void end(long bytes);

    /** Reads to our end; gives how many bytes came. */
    long drain();

    // ---- we ----

    /** Reads until the end, or until the connection is lost. What a call has given, the next one does not give again. */
    Reading read();

    /**
     * Writes a piece.
     *
     * @throws BrokenException if the connection is lost
     */
    void write(byte[] piece);

    /** Ends our direction. */
    void endOutput();

    /** Asserts in whatever other ways there are that each further call says the same. */
    default void assertStays(boolean broken) {}

    // ---- what lies between them ----

    /** Lets what was sent arrive where nobody reads. */
    void letArrive();

    /** How long a cell may take before it fails: far more than it needs. */
    default Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** Whether a reset is told to us as a loss; otherwise it is an end. */
    default boolean tellsResets() {
        return true;
    }

    /** Whether a reset before bytes that the peer has not read is told to us as a loss. */
    default boolean tellsResetsBeforeUnread() {
        return tellsResets();
    }

    /** Whether the end of the peer's direction is the end of ours too, as in TLS 1.2. */
    default boolean halfCloseEndsBoth() {
        return false;
    }
}

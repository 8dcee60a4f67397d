package dev.heddle.http.internal.server;

import dev.heddle.http.BodyWriter;

/** The body of a response: what it has after its head. */
public sealed interface ResponseBody {

    /** Nothing. */
    enum None implements ResponseBody {
        NONE
    }

    /**
     * Bytes in memory.
     *
     * @param bytes never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Bytes(byte[] bytes) implements ResponseBody {}

    /**
     * Bytes that a program writes while they are sent.
     *
     * @param length how many, or {@link #UNKNOWN}
     */
    record Streamed(long length, BodyWriter writer) implements ResponseBody {}

    /**
     * A part of an open file.
     *
     * @param file open; whoever ends the response closes it
     */
    record FilePart(FileContent file, long offset, long length) implements ResponseBody {}

    /** Another protocol in place of HTTP; only with 101, or with 200 on a stream of HTTP/2 that asked for it. */
    record Upgraded(ProtocolSwitch next) implements ResponseBody {}

    long UNKNOWN = -1;

    /** The length to announce, or {@link #UNKNOWN}. */
    default long length() {
        return switch (this) {
            case None _ -> 0;
            case Upgraded(ProtocolSwitch next) -> 0;
            case Bytes(byte[] bytes) -> bytes.length;
            case Streamed(long length, BodyWriter writer) -> length;
            case FilePart(FileContent file, long offset, long length) -> length;
        };
    }

    /** Whether something is open until the body is sent or given up. */
    default boolean isHeld() {
        return this instanceof FilePart
                || (this instanceof Upgraded upgraded && upgraded.next() instanceof EndedSwitch)
                || (this instanceof Streamed streamed && streamed.writer() instanceof ClosableWriter);
    }

    /** Whether this body is another one or is made of it, so that it frees what that holds open. */
    default boolean owns(ResponseBody other) {
        return this == other
                || (this instanceof Upgraded(EndedSwitch ended) && other instanceof Upgraded(ProtocolSwitch held)
                        && ended.owns(held))
                || (this instanceof Streamed streamed && streamed.writer() instanceof ClosableWriter held
                        && held.owns(other));
    }

    /** Frees what the body holds open; does nothing the second time. */
    default void release() {
        if (this instanceof FilePart part) {
            part.file().close();
        } else if (this instanceof Upgraded(EndedSwitch ended)) {
            ended.release();
        } else if (this instanceof Streamed streamed && streamed.writer() instanceof ClosableWriter held) {
            held.release();
        }
    }
}

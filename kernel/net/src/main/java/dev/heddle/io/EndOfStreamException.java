package dev.heddle.io;

import dev.heddle.HeddleException;

/**
 * The failure of a read whose stream the peer ended in the middle of what was asked for. The bytes that did come are
 * {@link #partial}; they are taken from the stream.
 */
public final class EndOfStreamException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final byte[] partial;

    /**
     * @param message what was being read
     * @param partial the bytes before the end, maybe none
     */
    public EndOfStreamException(String message, byte[] partial) {
        super(message);
        this.partial = partial.clone();
    }

    /** The bytes that came before the end, maybe none; a copy. */
    public byte[] partial() {
        return partial.clone();
    }
}

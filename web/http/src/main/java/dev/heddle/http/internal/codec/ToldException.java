package dev.heddle.http.internal.codec;

import dev.heddle.HeddleException;

/**
 * The failure of a body in its middle of which a log has been told already, or that is nobody's fault: the message is
 * cut off, and nothing more is said.
 */
public final class ToldException extends HeddleException {

    private static final long serialVersionUID = 1L;

    public ToldException(String message) {
        super(message);
    }
}

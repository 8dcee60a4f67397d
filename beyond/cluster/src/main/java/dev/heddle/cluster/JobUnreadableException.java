package dev.heddle.cluster;

import dev.heddle.HeddleException;

/**
 * A payload that the codec of its {@linkplain JobKind kind} does not read. Such a job is a dead letter at once, unless
 * {@link JobHandlerOptions#withRetry} says otherwise, as while nodes of a new version start one after the other.
 */
public final class JobUnreadableException extends HeddleException {

    private static final long serialVersionUID = 1L;

    JobUnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}

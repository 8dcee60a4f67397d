package dev.heddle.cluster.zookeeper;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/** The server in this JVM did not start, was refused, or could not join or leave the others. */
public final class EmbeddedZooKeeperException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says why. */
    public EmbeddedZooKeeperException(String message) {
        this(message, null);
    }

    /** Says why. */
    public EmbeddedZooKeeperException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package dev.heddle.cluster;

import dev.heddle.HeddleException;

/**
 * The failure of what needs another node that this one does not work with, or that does not work with this one: another
 * cluster, version or class path. The words have both sides of what is different.
 */
public final class NodeRefusedException extends HeddleException {

    private static final long serialVersionUID = 1;

    /** One with what is different. */
    public NodeRefusedException(String message) {
        super(message);
    }

    /** One with what is different, and the failure that says so. */
    public NodeRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}

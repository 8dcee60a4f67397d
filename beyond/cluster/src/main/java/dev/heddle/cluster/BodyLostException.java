package dev.heddle.cluster;

import dev.heddle.HeddleException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a body whose node was lost before it had answered. The body may have begun, and may even have come to
 * its end: nobody here knows. If its node lives and was only cut off, it stops the body when its lease ends, also one
 * that it does for itself. One that has surely not begun is not lost: it goes to another node.
 *
 * <p>{@link ClusterPool#retrying} has such bodies tried again; use it for those that may run twice.
 */
public final class BodyLostException extends HeddleException {

    private static final long serialVersionUID = 1;

    private final String node;
    private final int attempt;

    /**
     * One with why its end is not known.
     *
     * @param attempt which try it was, from 1
     */
    public BodyLostException(String node, int attempt, String why, @Nullable Throwable cause) {
        super("the body may have begun on the node " + node + (attempt > 1 ? " (attempt " + attempt + ")" : "")
                + ", and nobody knows its end: " + why, cause);
        this.node = node;
        this.attempt = attempt;
    }

    /** The name of the node that had it. */
    public String node() {
        return node;
    }

    /** Which try it was, from 1. */
    public int attempt() {
        return attempt;
    }
}

package dev.heddle.cluster.internal.pool;

import java.util.Map;

/**
 * A node that does bodies.
 *
 * @param name of the node
 * @param incarnation another number each time that a node of this name joins
 * @param host where it listens, and whom its certificate is for
 * @param port 1 to 65535
 * @param labels what it says of itself
 */
public record Peer(String name, long incarnation, String host, int port, Map<String, String> labels) {

    /** Copies the labels. */
    public Peer {
        labels = Map.copyOf(labels);
    }

    /** Without the labels, which would be gone through at each look at what a node has to do. */
    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Long.hashCode(incarnation);
    }
}

package dev.heddle.cluster;

import dev.heddle.HeddleException;

/** Another node that is alive has the name under which this one would join. */
public final class NodeNameTakenException extends HeddleException {

    private static final long serialVersionUID = 1L;

    /** Says which name. */
    public NodeNameTakenException(String node, String cluster) {
        super("another node of the cluster " + cluster + " has the name " + node
                + " and is alive: give each node a name of its own, or none", null);
    }
}

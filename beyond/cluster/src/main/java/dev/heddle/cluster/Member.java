package dev.heddle.cluster;

import java.util.Map;

/**
 * A node of a cluster, as the others know it.
 *
 * @param name no two members have the same at the same time
 * @param token higher than that of each who has joined before; another one when a node of this name joins again
 * @param labels what the node has said of itself
 */
public record Member(String name, Token token, Map<String, String> labels) {

    /** Copies the labels. */
    public Member {
        labels = Map.copyOf(labels);
    }
}

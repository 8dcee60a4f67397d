package dev.heddle.observe.internal.profile;

import java.util.LinkedHashMap;
import java.util.Map;

/** A frame of a flame graph: how many samples have it here, and what stands above it. */
final class StackNode {

    private final Map<String, StackNode> above = new LinkedHashMap<>();
    private long samples;

    /** The frame above this one, which is counted as well. */
    StackNode add(String name) {
        StackNode node = above.computeIfAbsent(name, added -> new StackNode());
        node.samples++;
        return node;
    }

    /** Counts one more here, for the lowest one. */
    void count() {
        samples++;
    }

    long samples() {
        return samples;
    }

    /** How many samples end here. */
    long own() {
        return samples - above.values().stream().mapToLong(StackNode::samples).sum();
    }

    Map<String, StackNode> above() {
        return above;
    }
}

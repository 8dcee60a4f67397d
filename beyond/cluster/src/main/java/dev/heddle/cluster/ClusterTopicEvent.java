package dev.heddle.cluster;

import dev.heddle.cluster.store.Bytes;

/** An event that a subscriber of a {@link ClusterTopic} is told. */
public sealed interface ClusterTopicEvent {

    /**
     * A message.
     *
     * @param number 1 for the first of the topic, and one more for each
     */
    record Message(long number, Bytes value) implements ClusterTopicEvent {}

    /**
     * Messages that the topic has dropped before this node could see them.
     *
     * @param first the number of the first
     * @param last the number of the last
     */
    record Missed(long first, long last) implements ClusterTopicEvent {}
}

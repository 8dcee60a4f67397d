package dev.heddle.cluster;

import dev.heddle.cluster.store.Bytes;

/** A change of a {@link ClusterMap}. */
public sealed interface ClusterMapEvent {

    /** What has changed. */
    String key();

    /**
     * The key has a value, which it had not.
     *
     * @param version as {@link ClusterMap.Value#version}
     */
    record Put(String key, Bytes value, long version) implements ClusterMapEvent {}

    /** The key is there no more. */
    record Removed(String key) implements ClusterMapEvent {}
}

package dev.heddle.cluster;

import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.SimHost;
import java.time.Duration;
import java.util.Map;

/** The store of a {@link ClusterDay}, and what can go wrong with it. */
public interface DayStore {

    /** What a node joins the cluster with. */
    StoreEngine engine(String node);

    /** What comes by itself comes from now on. */
    void rough();

    /** Nothing goes wrong any more. */
    void calm();

    /** Something happens to the store for a while. May wait for its end. */
    void spoil(Duration time);

    /** A node hears nothing of the store, or the store nothing of it, for a while. May wait for its end. */
    void cut(SimHost node, Duration time);

    /** A node is about to crash. */
    void crash(SimHost node);

    /** How often what has happened. */
    Map<String, Long> counts();
}

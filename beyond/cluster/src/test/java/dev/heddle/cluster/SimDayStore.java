package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimStore;
import dev.heddle.sim.StoreFaults;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The simulated ensemble as the store of a day. */
final class SimDayStore implements DayStore {

    /** Sessions are over so often that each day sees it. */
    private static final StoreFaults WEATHER = StoreFaults.ROUGH
            .withSilences(Duration.ofSeconds(20), Duration.ofSeconds(10));

    private final Sim sim;
    private final SimStore store = SimStore.create(3);

    SimDayStore(Sim sim) {
        this.sim = sim;
    }

    @Override
    public StoreEngine engine(String node) {
        return store;
    }

    @Override
    public void rough() {
        store.faults(WEATHER);
    }

    @Override
    public void calm() {
        store.faults(StoreFaults.NONE);
    }

    @Override
    public void spoil(Duration time) {
        SimHost server = sim.random().oneOf(store.hosts());
        server.isolate();
        Heddle.sleep(time);
        server.rejoin();
    }

    @Override
    public void cut(SimHost node, Duration time) {
        SimHost server = sim.random().oneOf(store.hosts());
        sim.network().block(node, server);
        Heddle.sleep(time);
        sim.network().heal(node, server);
    }

    @Override
    public void crash(SimHost node) {
        // Its lines are those of its host.
    }

    @Override
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        store.statistics().counts().forEach((event, times) -> counts.put(event.toString(), times));
        return counts;
    }
}

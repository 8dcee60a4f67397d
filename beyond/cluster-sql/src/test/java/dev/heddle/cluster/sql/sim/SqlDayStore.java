package dev.heddle.cluster.sql.sim;

import dev.heddle.cluster.DayStore;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.util.Map;

/** The simulated database as the store of a day of a cluster. */
final class SqlDayStore implements DayStore {

    private final SimRandom random;
    private final SimDatabase database;

    SqlDayStore(Sim sim) {
        this.random = sim.random();
        this.database = new SimDatabase(random, true);
    }

    @Override
    public StoreEngine engine(String node) {
        return database.engine(node);
    }

    @Override
    public void rough() {
        database.weather(Weather.ROUGH);
    }

    @Override
    public void calm() {
        database.calm();
    }

    @Override
    public void spoil(Duration time) {
        switch (random.below(5)) {
            case 0 -> database.stop(time);
            case 1 -> database.kill(time.dividedBy(4));
            case 2 -> database.promote(time.dividedBy(4));
            case 3 -> database.refuse("53100", time);
            default -> database.refuse("25006", time);
        }
    }

    @Override
    public void cut(SimHost node, Duration time) {
        if (random.chance(0.5)) {
            database.cut(node.name(), time);
        } else {
            database.reset(node.name());
        }
    }

    @Override
    public void crash(SimHost node) {
        database.crash(node.name());
    }

    @Override
    public Map<String, Long> counts() {
        return database.counts();
    }
}

package dev.heddle;

import dev.heddle.engine.SimulatedEngine;

/** A simulated engine that does what another does; tests change one thing of it. */
public class ForwardingSimulation extends ForwardingEngine implements SimulatedEngine {

    private final SimulatedEngine engine;

    public ForwardingSimulation(SimulatedEngine engine) {
        super(engine);
        this.engine = engine;
    }

    @Override
    public int pick(int ready) {
        return engine.pick(ready);
    }

    @Override
    public void trace(long id) {
        engine.trace(id);
    }
}

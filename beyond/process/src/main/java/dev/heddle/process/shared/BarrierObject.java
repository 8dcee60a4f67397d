package dev.heddle.process.shared;

import dev.heddle.sync.Barrier;
import dev.heddle.sync.BarrierStatistics;

/** The barrier behind a shared one, in its manager. */
record BarrierObject(Barrier barrier) implements SharedBarrier {

    @Override
    public int await() {
        return barrier.await();
    }

    @Override
    public void abort() {
        barrier.abort();
    }

    @Override
    public void reset() {
        barrier.reset();
    }

    @Override
    public boolean isBroken() {
        return barrier.isBroken();
    }

    @Override
    public BarrierStatistics statistics() {
        return barrier.statistics();
    }
}

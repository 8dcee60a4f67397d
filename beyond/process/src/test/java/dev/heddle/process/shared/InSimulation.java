package dev.heddle.process.shared;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.process.RemoteCallable;
import dev.heddle.sim.Sim;
import java.time.Duration;

/** Other tasks of a simulation. */
final class InSimulation implements Elsewhere {

    static void run(Action body) {
        Sim.run(1, body);
    }

    @Override
    public <T> Started<T> start(RemoteCallable<T> body) {
        Task<T> task = Heddle.spawn(body);
        return task::join;
    }

    @Override
    public void pause() {
        Heddle.sleep(Duration.ofMillis(1));
    }
}

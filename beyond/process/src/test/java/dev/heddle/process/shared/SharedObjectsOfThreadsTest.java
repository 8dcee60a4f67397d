package dev.heddle.process.shared;

import dev.heddle.conformance.LeavesNothing;

/** The suite of shared objects between threads. */
@LeavesNothing
final class SharedObjectsOfThreadsTest extends SharedObjectContract {

    @Override
    void with(Program program) throws Exception {
        try (Manager manager = Manager.open()) {
            program.run(manager, new InThreads());
        }
    }
}

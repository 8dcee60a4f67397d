package dev.heddle.process.shared;

/** The suite of shared objects between tasks of a simulation. */
final class SharedObjectsInSimulationTest extends SharedObjectContract {

    @Override
    void with(Program program) {
        InSimulation.run(() -> {
            try (Manager manager = Manager.open()) {
                program.run(manager, new InSimulation());
            }
        });
    }
}

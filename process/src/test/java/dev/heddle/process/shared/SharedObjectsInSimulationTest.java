package dev.heddle.process.shared;

class SharedObjectsInSimulationTest extends SharedObjectContract {

    @Override
    void with(Program program) {
        InSimulation.run(() -> {
            try (Manager manager = Manager.open()) {
                program.run(manager, new InSimulation());
            }
        });
    }
}

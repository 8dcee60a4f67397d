package dev.heddle.process.shared;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The suite of shared objects between processes. */
@Tag("full")
final class SharedObjectsOfProcessesTest extends SharedObjectContract {

    private static InChildren children;

    @BeforeAll
    static void start() {
        children = new InChildren(2);
    }

    @AfterAll
    static void end() {
        children.close();
    }

    @Override
    void with(Program program) throws Exception {
        try (Manager manager = Manager.open()) {
            program.run(manager, children);
        }
    }
}

package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.BrokenException;
import org.junit.jupiter.api.function.Executable;

/** Expects that a connection is lost. */
final class Broken {

    private Broken() {}

    static BrokenException expect(Executable use) {
        return assertThrows(BrokenException.class, use);
    }
}

package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import org.junit.jupiter.api.Test;

/** The tests of subprocesses say little if they run by the portable way. */
final class NativeSpawnTest {

    @Test
    void kernelAndTheLibraryAreNewEnoughHere() {
        Heddle.run(() -> assertTrue(new Children(new EpollEngine()).canBeStarted()));
    }
}

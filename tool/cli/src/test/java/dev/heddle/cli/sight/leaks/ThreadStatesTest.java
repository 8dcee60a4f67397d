package dev.heddle.cli.sight.leaks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/**
 * The states of virtual threads in a heap dump are those of the JDK at hand. Source: {@code VirtualThread.java} of JDK
 * 25.0.3 (2026-04). A thread in a state that is not known counts as one that does not wait, and is never a leak.
 */
final class ThreadStatesTest {

    private static int state(String name) throws Exception {
        Field field = Class.forName(LeakSearch.VIRTUAL).getDeclaredField(name);
        field.setAccessible(true);
        return field.getInt(null);
    }

    @Test
    void statesOfWaitingThreadsAreTheJdks() throws Exception {
        assertEquals(LeakSearch.PARKED, state("PARKED"));
        assertEquals(LeakSearch.PINNED, state("PINNED"));
    }
}

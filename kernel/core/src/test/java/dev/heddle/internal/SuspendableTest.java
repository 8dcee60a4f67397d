package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import jdk.internal.vm.Continuation;
import org.junit.jupiter.api.Test;

/** What keeps code from being suspended has words, for each reason of the JDK at hand; another has the JDK's own. */
final class SuspendableTest {

    @Test
    void eachReasonOfThisJdkHasWords() {
        for (Continuation.Pinned each : Continuation.Pinned.values()) {
            assertFalse(Suspendable.obstacle(each.name()).startsWith("the JDK says"), each.name());
        }
    }

    @Test
    void reasonOfALaterJdkIsToldInItsOwnWords() {
        assertEquals("the JDK says FROZEN", Suspendable.obstacle("FROZEN"));
    }
}

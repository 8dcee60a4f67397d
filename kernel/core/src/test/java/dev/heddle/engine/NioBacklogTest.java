package dev.heddle.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When a busy loop asks its selector again, and when it first works through what it was told. */
final class NioBacklogTest {

    private final NioBacklog backlog = new NioBacklog();

    /** How many looks are put off until there is one. */
    private int putOff() {
        int count = 0;
        while (backlog.putsOff()) {
            count++;
        }
        backlog.look();
        return count;
    }

    @Test
    void aLookIsNotPutOffWhereNobodyWasWoken() {
        assertFalse(backlog.putsOff());
        backlog.look();
        assertFalse(backlog.putsOff());
    }

    @Test
    void aLookIsPutOffUntilTheLastWokenTaskHasTried() {
        backlog.look();
        int first = backlog.woken();
        int second = backlog.woken();
        assertTrue(backlog.putsOff());
        backlog.served(first);
        assertTrue(backlog.putsOff());
        backlog.served(second);
        assertFalse(backlog.putsOff());
    }

    @Test
    void aWokenTaskThatNeverTriesHoldsLooksUpOnlyForAWhile() {
        backlog.look();
        backlog.woken();
        assertEquals(8, putOff());
        assertEquals(0, putOff(), "it counts once");
    }

    @Test
    void whoTriesAfterTheNextLookDoesNotCountForIt() {
        backlog.look();
        int late = backlog.woken();
        backlog.look();
        int told = backlog.woken();
        backlog.served(late);
        assertTrue(backlog.putsOff());
        backlog.served(told);
        assertFalse(backlog.putsOff());
    }
}
